// The ranks of an MPI job.
#pragma once

#include <memory>

#include "meta/communicator.h"

namespace anole {

// MPI_COMM_WORLD, from MPI_Init to MPI_Finalize. Defined only where the program is built with MPI.
std::unique_ptr<Communicator> OpenMpiCommunicator();

}  // namespace anole
