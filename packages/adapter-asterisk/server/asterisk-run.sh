#!/usr/bin/env bash
# asterisk-run.sh DEST STATE PORT [--rtp FIRST-LAST] [--sip PORT] [--die-with-parent]
#
# Runs DEST/root's Asterisk (see asterisk-fetch.sh) in the foreground, ARI on 127.0.0.1:PORT, its configuration, spool
# and logs under STATE. A STATE that was used before keeps its recordings. Only the modules that ARI, recordings and
# calls need are loaded; every socket is on 127.0.0.1. The process becomes Asterisk itself, so signals reach it.
#
#   --rtp FIRST-LAST    UDP ports of media (default 20000-20999); each server needs its own
#   --sip PORT          also take SIP calls, on 127.0.0.1:PORT/udp: extension 1030 is connected with Local/1030@phone.
#                       By chan_sip where there is one (up to 20), all of whose sockets are on 127.0.0.1; else by
#                       chan_pjsip, whose resolver opens a UDP socket on every address and has no setting against it
#   --die-with-parent   the kernel kills Asterisk when the process that started this script ends (needs setpriv)
#
# Environment: ASTERISK_ARI_USERNAME (default onrecord) and ASTERISK_ARI_PASSWORD (required) make the one ARI user;
# the password stands in STATE/etc/ari.conf, readable by the owner only, and on no command line.
set -euo pipefail

usage() { sed -n '2,/^#  *--die/s/^# \{0,1\}//p' "$0" >&2; exit 64; }
is_port() { [[ $1 =~ ^[0-9]{1,5}$ ]] && (($1 > 0 && $1 < 65536)); }

(($# >= 3)) || usage
dest=$1 state=$2 port=$3
shift 3
rtp=20000-20999 sip='' parent=''
while (($#)); do
  case $1 in
    --rtp) rtp=${2:?FIRST-LAST}; shift 2 ;;
    --sip) sip=${2:?PORT}; shift 2 ;;
    --die-with-parent) parent=yes; shift ;;
    *) usage ;;
  esac
done
is_port "$port" && is_port "${rtp%-*}" && is_port "${rtp#*-}" || usage
[[ -z $sip ]] || is_port "$sip" || usage
username=${ASTERISK_ARI_USERNAME:-onrecord}
password=${ASTERISK_ARI_PASSWORD:?the password of the ARI user}
[[ $username =~ ^[A-Za-z0-9_-]+$ && $password =~ ^[A-Za-z0-9_-]+$ ]] || {
  echo "${0##*/}: the ARI user name and password may hold letters, digits, - and _ only" >&2
  exit 64
}
unset ASTERISK_ARI_USERNAME ASTERISK_ARI_PASSWORD

root=$(realpath -e -- "$dest")/root state=$(realpath -m -- "$state")
shopt -s nullglob
loaders=("$root"/usr/lib/*/ld-linux-*.so.? "$root"/lib/*/ld-linux-*.so.? "$root"/lib64/ld-linux-*.so.?)
modules=("$root"/usr/lib/*/asterisk/modules "$root"/usr/lib/asterisk/modules)
libraries=("$root"/usr/lib/*-linux-gnu* "$root"/lib/*-linux-gnu* "$root"/usr/lib)
[[ -x $root/usr/sbin/asterisk && ${#loaders[@]} -gt 0 && ${#modules[@]} -gt 0 ]] || {
  echo "${0##*/}: no Asterisk under $root; asterisk-fetch.sh puts it there" >&2
  exit 66
}

umask 077
mkdir -p -- "$state"/{etc,run,log,lib,keys,spool/recording}
cd -- "$state/etc"
touch {ccss,cdr,cel,features,stasis,udptl,acl,pjproject,chan_websocket,websocket_client}.conf
cp -f "$root/etc/asterisk/indications.conf" .
cat > asterisk.conf << CONFIG
[directories]
astetcdir => $state/etc
astmoddir => ${modules[0]}
astvarlibdir => $state/lib
astdbdir => $state/lib
astkeydir => $state/keys
astagidir => $state/lib
astdatadir => $root/usr/share/asterisk
astspooldir => $state/spool
astrundir => $state/run
astlogdir => $state/log
[options]
nocolor = yes
; the link that makes "en" sounds is made by an install script, which did not run
defaultlanguage = en_US_f_Allison
entityid = 02:00:00:00:00:01
CONFIG
printf '[general]\nenabled = yes\nbindaddr = 127.0.0.1\nbindport = %s\nenablestatic = no\n' "$port" > http.conf
printf '[general]\nenabled = yes\n[%s]\ntype = user\nread_only = no\npassword = %s\n' "$username" "$password" > ari.conf
printf '[general]\ndateformat = %%F %%T.%%3q\n[logfiles]\nfull.log => notice,warning,error\nconsole => error\n' > logger.conf
printf '[general]\nrtpstart = %s\nrtpend = %s\n' "${rtp%-*}" "${rtp#*-}" > rtp.conf
cat > extensions.conf << 'CONFIG'
[phone]
; Local/440@phone: a party that answers and speaks a steady 440 Hz tone
exten => _X.,1,Answer()
 same => n,Playtones(${EXTEN}/5000)
 same => n,Wait(600)
; Local/silence@phone: a party that answers and says nothing
exten => silence,1,Answer()
 same => n,Wait(600)
CONFIG

# Timing by pthread catches up on ticks that a busy machine missed. By timerfd they are lost, and with them audio: a 6 s
# recording came out up to 0.2 s short.
load=(
  res_timing_pthread res_sorcery_{config,memory,astdb} res_http_websocket res_websocket_client
  res_stasis{,_answer,_playback,_recording,_snoop} app_stasis
  res_ari{,_model,_applications,_asterisk,_bridges,_channels,_events,_playbacks,_recordings,_sounds}
  bridge_{simple,softmix,holding} chan_bridge_media
  res_pjproject res_rtp_multicast res_rtp_asterisk chan_rtp chan_websocket
  pbx_config app_{echo,playback,playtones} func_channel
  codec_{ulaw,alaw,gsm,g722,resample,opus_open_source} res_format_attr_opus
  format_{wav,wav_gsm,pcm,sln,gsm,ogg_opus_open_source,ogg_vorbis}
)
driver=chan_pjsip
[[ ! -e ${modules[0]}/chan_sip.so ]] || driver=chan_sip
if [[ -n $sip ]]; then
  load+=(app_dial func_callerid "$driver")
  [[ $driver == chan_sip ]] ||
    load+=(res_pjsip{,_pubsub,_session,_sdp_rtp,_caller_id,_endpoint_identifier_ip})
fi
{
  printf '[modules]\nautoload = no\n'
  for module in "${load[@]}"; do
    # 16 has fewer of them
    [[ ! -e ${modules[0]}/$module.so ]] || echo "load = $module.so"
  done
} > modules.conf

if [[ -n $sip ]]; then
  cat > pjsip.conf << CONFIG
[loopback]
type = transport
protocol = udp
bind = 127.0.0.1:$sip
[caller]
type = endpoint
transport = loopback
context = sip
disallow = all
allow = ulaw
direct_media = no
media_address = 127.0.0.1
bind_rtp_to_media_address = yes
[caller]
type = identify
endpoint = caller
match = 127.0.0.1
CONFIG
  cat > sip.conf << CONFIG
[general]
udpbindaddr = 127.0.0.1:$sip
tcpenable = no
srvlookup = no
allowguest = no
[caller]
type = peer
host = 127.0.0.1
insecure = port,invite
context = sip
disallow = all
allow = ulaw
directmedia = no
CONFIG
  cat >> extensions.conf << 'CONFIG'
[sip]
; An ordinary call: no Stasis application has part in it
exten => _X.,1,Dial(Local/${EXTEN}@phone,30)
 same => n,Hangup()
CONFIG
fi

before=()
[[ -z $parent ]] || before=(setpriv --pdeathsig KILL)
libraries=$(IFS=:; echo "${libraries[*]}")
exec "${before[@]}" "${loaders[0]}" --library-path "$libraries" \
  "$root/usr/sbin/asterisk" -f -C "$state/etc/asterisk.conf" < /dev/null
