#!/usr/bin/env bash
# asterisk-fetch.sh DEST [SUITE [PACKAGE...]]
#
# Unpacks Debian packages (default: asterisk) of a Debian suite (default: forky) with everything they need, libc
# included, under DEST/root, and writes the version of the first package to DEST/version. Needs no root and changes
# nothing on the host: apt works on a private state with an empty dpkg status, and no maintainer script is run.
# Indexes and packages are checked against the host's debian-archive-keyring. No version is pinned.
#
# What was fetched before is kept (remove DEST to fetch anew). DEST is complete or absent; callers may run at once.
# DEBIAN_MIRROR overrides the mirror, which is else the host's own for Debian.
#
# Prints one line, `PACKAGE VERSION`. Exit codes: 0 there, 64 wrong use, 69 this suite cannot be had here (the reason
# on stderr), anything else: a fault while unpacking, such as a full disk.
set -euo pipefail

usage() { echo "usage: ${0##*/} DEST [SUITE [PACKAGE...]]" >&2; exit 64; }
unavailable() { echo "${0##*/}: $*" >&2; exit 69; }

(($# >= 1)) && [[ -n $1 ]] || usage
dest=$(realpath -m -- "$1") suite=${2:-forky}
packages=("${@:3}")
((${#packages[@]})) || packages=(asterisk)
[[ $suite =~ ^[a-z][a-z-]*$ && $dest != / ]] || usage

is_there() { [[ -s $dest/version && -d $dest/root ]]; }
print_version() { echo "${packages[0]} $(<"$dest/version")"; }
if is_there; then print_version; exit 0; fi

keys=${DEBIAN_KEYRING:-/usr/share/keyrings/debian-archive-keyring.gpg}
for tool in apt-get apt-cache dpkg-deb dpkg flock; do
  command -v "$tool" > /dev/null || unavailable "$tool is not installed: the packages can only be had on Debian or Ubuntu"
done
[[ -r $keys ]] || unavailable "no $keys: install the package debian-archive-keyring"

# The host's own Debian mirror, from deb822 or one-line sources; other vendors' archives and security archives are passed over.
find_mirror() {
  local files=() file
  shopt -s nullglob
  for file in /etc/apt/sources.list.d/*.sources /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [[ -r $file ]] && files+=("$file")
  done
  ((${#files[@]})) || return 0
  awk '
    tolower($1) == "uris:" { for (i = 2; i <= NF; i++) print $i }
    $1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /^(https?|file|copy):/) { print $i; break } }
  ' "${files[@]}" | awk '/\/debian\/?$/ { print; exit }'
}
mirror=${DEBIAN_MIRROR:-$(find_mirror)}
mirror=${mirror:-http://deb.debian.org/debian}

# apt inherits the lock: should this script be killed, nobody else begins before apt has ended, too.
mkdir -p -- "$(dirname -- "$dest")"
exec 9> "$dest.lock"
flock 9
if is_there; then print_version; exit 0; fi

part=$dest.part
trap 'rm -rf -- "$part"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
rm -rf -- "$part"
apt=$part/apt
mkdir -p "$apt"/{lists/partial,archives/partial,log,etc/sources.list.d,etc/preferences.d,etc/apt.conf.d,etc/trusted.gpg.d}
: > "$apt/status"
echo "deb [signed-by=$keys arch=$(dpkg --print-architecture)] $mirror $suite main" > "$apt/etc/sources.list"
{
  # How the host reaches its mirrors (proxy, retries, checks of dates) holds here too; its hooks do not.
  apt-config dump | grep -E '^Acquire::(https?(::.*)?|Retries|Check-Valid-Until|Check-Date|ForceIPv[46]) "' || :
  cat << CONFIG
Dir::State "$apt";
Dir::State::status "$apt/status";
Dir::Cache "$apt";
Dir::Log "$apt/log";
Dir::Etc "$apt/etc";
Dir::Etc::sourcelist "$apt/etc/sources.list";
Dir::Etc::sourceparts "$apt/etc/sources.list.d";
Dir::Etc::parts "$apt/etc/apt.conf.d";
Dir::Etc::main "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "$apt/etc/preferences.d";
Dir::Etc::trusted "/dev/null";
Dir::Etc::trustedparts "$apt/etc/trusted.gpg.d";
APT::Install-Recommends "false";
APT::Sandbox::User "";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
CONFIG
} > "$part/apt.conf"
export APT_CONFIG=$part/apt.conf

said=$part/said
why() { grep -E '^(E|W|Err):?' "$said" | head -n 3 | tr '\n' ' ' || :; }
apt-get update -qq > "$said" 2>&1 ||
  unavailable "no usable index of $suite at $mirror (unreachable, or the suite has moved to the archive; DEBIAN_MIRROR names another mirror): $(why)"
version=$(apt-cache policy "${packages[0]}" 2> /dev/null | awk '$1 == "Candidate:" { print $2 }')
[[ -n $version && $version != '(none)' ]] || unavailable "$suite at $mirror has no package ${packages[0]}"
apt-get install -y -qq --download-only "${packages[@]}" > "$said" 2>&1 ||
  unavailable "the packages of $suite cannot be fetched from $mirror: $(why)"

mkdir "$part/root"
for deb in "$apt"/archives/*.deb; do dpkg-deb -x "$deb" "$part/root"; done
rm -rf -- "$apt" "$part/apt.conf" "$said"
echo "$version" > "$part/version"
rm -rf -- "$dest"
mv -T -- "$part" "$dest"
print_version
