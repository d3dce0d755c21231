#!/usr/bin/env node
// Stands in the sources, since npm links the commands of a workspace before anything is built.
import '../dist/bin.js';
