// One episode of a policy on a task.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "agents/control/episode.h"
#include "agents/network/policy.h"
#include "envs/random.h"
#include "envs/stage.h"

namespace anole {

// The memory in which a thread plays its episodes, one after the other. `family` outlives it.
struct Worker {
  Stage stage;
  Vector noise;
  ControlPolicy<float>::Memory policy_memory;  // of an episode that is remembered by itself

  Worker(const TaskFamily& family, const ControlPolicy<float>& policy);
};

// Workers for as many threads as ask at a time; the last one returned is the first one lent, as
// its memory is still in the cache.
class WorkerPool {
 public:
  WorkerPool(const TaskFamily& family, const ControlPolicy<float>& policy)
      : family_(family), policy_(policy) {}

  // Gives the worker back when it goes out of scope.
  class Lease {
   public:
    Lease(WorkerPool& pool, std::unique_ptr<Worker> worker)
        : pool_(pool), worker_(std::move(worker)) {}
    ~Lease() { pool_.Return(std::move(worker_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Worker& operator*() const { return *worker_; }

   private:
    WorkerPool& pool_;
    std::unique_ptr<Worker> worker_;
  };

  Lease Borrow();

 private:
  void Return(std::unique_ptr<Worker> worker);

  const TaskFamily& family_;
  const ControlPolicy<float> policy_;  // any of its shape: workers only take its sizes
  std::mutex mutex_;
  std::vector<std::unique_ptr<Worker>> idle_;
};

enum class Exploration { kStochastic, kDeterministic };  // draw actions, or take their mean

// Fills `episode` with one on the worker's stage. Pure: it depends on the worker's family and the
// arguments before it alone; what its memory held does not matter. Allocates nothing. trial: what
// the policy remembers of the episodes before this one; it goes on, and is told of this one. None:
// it remembers nothing.
void Rollout(VectorIn task, const ControlPolicy<float>& policy, Exploration exploration,
             const Address& address, Worker& worker, Episode& episode,
             ControlPolicy<float>::Memory* trial = nullptr);

}  // namespace anole
