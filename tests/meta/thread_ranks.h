// Ranks that are threads of one process: what every collective loop must get right, without MPI.
#pragma once

#include <barrier>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "meta/communicator.h"

namespace anole {

// Where the ranks meet.
class ThreadRanks {
 public:
  // Runs body on each of `size` ranks at once.
  static void Run(int size, const std::function<void(const Communicator&)>& body) {
    ThreadRanks ranks(size);
    std::vector<std::jthread> threads;
    for (int rank = 0; rank < size; ++rank) {
      threads.emplace_back([&ranks, &body, rank] { body(Rank(ranks, rank)); });
    }
  }

 private:
  class Rank final : public Communicator {
   public:
    Rank(ThreadRanks& all, int rank) : all_(all), rank_(rank) {}

    int rank() const override { return rank_; }
    int size() const override { return static_cast<int>(all_.parts_.size()); }
    int threads() const override { return 1; }

    std::vector<double> Gather(const std::vector<double>& mine) const override {
      all_.parts_[static_cast<std::size_t>(rank_)] = mine;
      all_.barrier_.arrive_and_wait();
      std::vector<double> gathered;
      for (const auto& part : all_.parts_) {
        gathered.insert(gathered.end(), part.begin(), part.end());
      }
      all_.barrier_.arrive_and_wait();
      return gathered;
    }

    std::string Broadcast(const std::string& mine) const override {
      if (rank_ == 0) all_.text_ = mine;
      all_.barrier_.arrive_and_wait();
      std::string text = all_.text_;
      all_.barrier_.arrive_and_wait();
      return text;
    }

    [[noreturn]] void Abort(int exit_code) const override { std::_Exit(exit_code); }

   private:
    ThreadRanks& all_;
    int rank_;
  };

  explicit ThreadRanks(int size) : parts_(static_cast<std::size_t>(size)), barrier_(size) {}

  std::vector<std::vector<double>> parts_;  // what each rank gives
  std::string text_;
  std::barrier<> barrier_;
};

}  // namespace anole
