// Training as people see it: progress, how to stop and go on, what to do next.
#pragma once

#include "meta/communicator.h"
#include "tools/run/run.h"

namespace anole::app {

// Run::Train, which ends early at a signal and shows its progress. Where numbers run away, that is
// told as an error with what to go on with. Throws std::runtime_error, which tells from where the
// run can go on, where it cannot be written any more.
Stop TrainAloud(Run& run, const Communicator& ranks);

// The same for one run of many, as a comparison has them: it goes on by the same command again, and
// one that has run away stays as it is.
Stop TrainOneOfMany(Run& run, const Communicator& ranks);

}  // namespace anole::app
