// Clocks of the benchmarks. Whatever else the machine does, they go on only while this program runs
// or could run.
#pragma once

namespace anole::bench {

// Clocks: time since some moment [s].
double ThreadSeconds();  // for work on one thread: its CPU time
double WallSeconds();
// For work on all threads of this process: the wall's time without what they waited, on average,
// for a core that others had. On an idle machine it is the wall's.
double UndisturbedSeconds();

// How long all threads of this process so far waited for a core [s]; 0 where Linux does not tell.
double QueueSeconds();

// How long `work` takes by `clock` [s].
template <class Work>
double Timed(double (*clock)(), const Work& work) {
  const double start = clock();
  work();
  return clock() - start;
}

}  // namespace anole::bench
