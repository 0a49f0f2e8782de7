// npz: arrays of NumPy (numpy.lib.format, version 1.0) in a zip archive; a row for each control
// step.
#include <fmt/format.h>
#include <zip.h>

#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "tools/export/episodes/episode_format.h"
#include "tools/run/files/new_file.h"

namespace anole::exports {
namespace {

static_assert(std::endian::native == std::endian::little, "NumPy is told so");

// What an .npy file holds: type: NumPy's, "<f8"; shape: "200, 17".
std::string Npy(const std::string& type, const std::string& shape, const void* data,
                std::size_t bytes) {
  constexpr std::size_t kAlignment = 64, kPrefix = 10;
  std::string header =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({},), }}", type, shape);
  header.append(kAlignment - (kPrefix + header.size() + 1) % kAlignment, ' ');
  header += '\n';
  const auto length = std::bit_cast<std::array<char, 2>>(static_cast<std::uint16_t>(header.size()));
  std::string file = "\x93NUMPY";
  file += '\x01';
  file += '\0';
  file.append(length.begin(), length.end());
  file += header;
  return file.append(static_cast<const char*>(data), bytes);
}

// Of one column for each row of the array, as its row-major storage is.
std::string Array(const Matrix& matrix) {
  return Npy("<f8", fmt::format("{}, {}", matrix.cols(), matrix.rows()), matrix.data(),
             static_cast<std::size_t>(matrix.size()) * sizeof(double));
}

std::string Array(const Vector& vector) {
  return Npy("<f8", fmt::format("{}", vector.size()), vector.data(),
             static_cast<std::size_t>(vector.size()) * sizeof(double));
}

std::string Array(const std::vector<std::int64_t>& numbers) {
  return Npy("<i8", fmt::format("{}", numbers.size()), numbers.data(),
             numbers.size() * sizeof(std::int64_t));
}

struct FreeSource {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
struct DiscardArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};

// libzip fails only where there is no memory: nothing here is of the user's making.
void Check(bool done) {
  if (!done) throw std::bad_alloc();
}

// The bytes of an archive of files, by their names and what they hold.
std::string Zip(const std::vector<std::pair<std::string, std::string>>& files) {
  const std::unique_ptr<zip_source_t, FreeSource> memory(
      zip_source_buffer_create(nullptr, 0, 0, nullptr));
  Check(memory != nullptr);
  std::unique_ptr<zip_t, DiscardArchive> archive(
      zip_open_from_source(memory.get(), ZIP_TRUNCATE, nullptr));
  Check(archive != nullptr);
  zip_source_keep(memory.get());  // the archive has one share of it, and this function the other
  for (const auto& [name, content] : files) {
    zip_source_t* const source =
        zip_source_buffer(archive.get(), content.data(), content.size(), 0);
    Check(source != nullptr);
    const zip_int64_t index = zip_file_add(archive.get(), name.c_str(), source, 0);
    Check(index >= 0);
    // The same recording, the same bytes.
    Check(zip_file_set_dostime(archive.get(), static_cast<zip_uint64_t>(index), 0, 0x21, 0) == 0);
  }
  Check(zip_close(archive.get()) == 0);
  static_cast<void>(archive.release());  // which zip_close has freed
  Check(zip_source_open(memory.get()) == 0 && zip_source_seek(memory.get(), 0, SEEK_END) == 0);
  std::string bytes(static_cast<std::size_t>(zip_source_tell(memory.get())), '\0');
  Check(zip_source_seek(memory.get(), 0, SEEK_SET) == 0 &&
        zip_source_read(memory.get(), bytes.data(), bytes.size()) ==
            static_cast<zip_int64_t>(bytes.size()));
  zip_source_close(memory.get());
  return bytes;
}

// All steps of all episodes, one after another.
struct Steps {
  Matrix observations, actions, qpos, qvel, terms;
  Vector rewards, log_probs, times;
  std::vector<std::int64_t> batches, episodes, steps, ends;
};

Steps Together(const Recording& recording) {
  Steps all;
  const RecordedEpisode& first = recording.batches.front().front();
  std::int64_t count = 0;
  for (const auto& batch : recording.batches) {
    for (const RecordedEpisode& recorded : batch) count += recorded.episode.length;
  }
  all.observations.resize(first.episode.observations.rows(), count);
  all.actions.resize(first.episode.actions.rows(), count);
  all.terms.resize(first.episode.reward_terms.rows(), count);
  all.qpos.resize(first.qpos.rows(), count);
  all.qvel.resize(first.qvel.rows(), count);
  for (Vector* numbers : {&all.rewards, &all.log_probs, &all.times}) numbers->resize(count);
  Eigen::Index row = 0;
  ForEachStep(recording, [&](const PlacedStep& step) {
    const auto& [episode, qpos, qvel] = step.recorded;
    const std::int64_t t = step.step;
    all.observations.col(row) = episode.observations.col(t);
    all.actions.col(row) = episode.actions.col(t);
    all.terms.col(row) = episode.reward_terms.col(t);
    all.qpos.col(row) = qpos.col(t);
    all.qvel.col(row) = qvel.col(t);
    all.rewards[row] = episode.rewards[t];
    all.log_probs[row] = episode.log_probs[t];
    all.times[row] = static_cast<double>(t) * recording.control_dt;
    all.batches.push_back(step.batch);
    all.episodes.push_back(step.episode);
    all.steps.push_back(t);
    all.ends.push_back(step.is_last() ? static_cast<std::int64_t>(episode.end) + 1 : 0);
    ++row;
  });
  return all;
}

void WriteNpz(const Recording& recording, const std::filesystem::path& file) {
  const Steps all = Together(recording);
  std::vector<std::pair<std::string, std::string>> arrays = {
      {"batch.npy", Array(all.batches)},
      {"episode.npy", Array(all.episodes)},
      {"step.npy", Array(all.steps)},
      {"time.npy", Array(all.times)},
      {"observation.npy", Array(all.observations)},
      {"action.npy", Array(all.actions)},
      {"reward.npy", Array(all.rewards)},
      {"log_prob.npy", Array(all.log_probs)},
      {"end.npy", Array(all.ends)},
      {"qpos.npy", Array(all.qpos)},
      {"qvel.npy", Array(all.qvel)}};
  for (std::size_t i = 0; i < recording.reward_terms.size(); ++i) {
    arrays.emplace_back("term_" + recording.reward_terms[i] + ".npy",
                        Array(Vector(all.terms.row(static_cast<Eigen::Index>(i)))));
  }
  WriteNewFile(file, Zip(arrays));
}

const RegisterEpisodeFormat registration(".npz", {WriteNpz, nullptr});

}  // namespace
}  // namespace anole::exports
