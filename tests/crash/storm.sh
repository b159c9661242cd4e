#!/bin/sh
# 100,000 moments fall due in one second, and kill -9 ends the daemon three times meanwhile: each
# fires once, in order, and the journal replays. What ./dev bench storm measures, without figures.
DUBAN_STORM_KILLS=3 DUBAN_STORM_IN_S=0 exec "$SOURCE/tests/bench/bench_storm.sh"
