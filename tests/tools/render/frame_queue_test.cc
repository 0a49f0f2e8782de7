#include <gtest/gtest.h>

#include <stdexcept>

#include "tools/render/frame_sink.h"

namespace anole::render {
namespace {

constexpr int kFrames = 50;

struct Seen {
  std::vector<unsigned char> frames;  // the first byte of each
  bool finished = false, gone = false;
};

// Fails at frame `fails_at`, from 0 on.
class RecordingSink : public FrameSink {
 public:
  RecordingSink(Seen& seen, int fails_at) : seen_(seen), fails_at_(fails_at) {}
  RecordingSink(const RecordingSink&) = delete;
  RecordingSink& operator=(const RecordingSink&) = delete;
  ~RecordingSink() override { seen_.gone = true; }

  void Add(const Image& frame) override {
    if (static_cast<int>(seen_.frames.size()) == fails_at_) throw std::runtime_error("full");
    seen_.frames.push_back(frame.rgb.front());
  }
  void Finish() override { seen_.finished = true; }
  std::filesystem::path path() const override { return "film"; }
  bool is_video() const override { return true; }

 private:
  Seen& seen_;
  int fails_at_;
};

Image Frame(int number) {
  Image image(1, 1);
  image.rgb.front() = static_cast<unsigned char>(number);
  return image;
}

TEST(FrameQueueTest, EachFrameArrivesInOrderAndFinishComesLast) {
  Seen seen;
  const auto queue = MakeFrameQueue(std::make_unique<RecordingSink>(seen, -1));
  for (int i = 0; i < kFrames; ++i) queue->Add(Frame(i));
  queue->Finish();
  ASSERT_EQ(seen.frames.size(), kFrames);
  for (int i = 0; i < kFrames; ++i) EXPECT_EQ(seen.frames[static_cast<std::size_t>(i)], i);
  EXPECT_TRUE(seen.finished);
  EXPECT_EQ(queue->path(), "film");
  EXPECT_TRUE(queue->is_video());
}

TEST(FrameQueueTest, WhatTheSinkThrowsIsThrownOn) {
  Seen seen;
  const auto queue = MakeFrameQueue(std::make_unique<RecordingSink>(seen, 2));
  EXPECT_THROW(
      {
        for (int i = 0; i < kFrames; ++i) queue->Add(Frame(i));
      },
      std::runtime_error);
  EXPECT_THROW(queue->Finish(), std::runtime_error);
  EXPECT_EQ(seen.frames.size(), 2);
  EXPECT_FALSE(seen.finished);
}

// The last frame's failure has no Add after it.
TEST(FrameQueueTest, FinishThrowsWhatTheLastFrameMet) {
  Seen seen;
  const auto queue = MakeFrameQueue(std::make_unique<RecordingSink>(seen, 1));
  queue->Add(Frame(0));
  queue->Add(Frame(1));
  EXPECT_THROW(queue->Finish(), std::runtime_error);
  EXPECT_FALSE(seen.finished);
}

TEST(FrameQueueTest, WithoutFinishTheSinkGoesUnfinished) {
  Seen seen;
  MakeFrameQueue(std::make_unique<RecordingSink>(seen, -1))->Add(Frame(0));
  EXPECT_TRUE(seen.gone);
  EXPECT_FALSE(seen.finished);
}

}  // namespace
}  // namespace anole::render
