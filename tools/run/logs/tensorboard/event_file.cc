// The format, from TensorFlow's tsl/lib/io/record_writer.h: for each event 8 bytes with the length
// N of its message, a CRC of these, N bytes of message, a CRC of these; all little-endian.
#include "tools/run/logs/tensorboard/event_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <tensorboard/event.pb.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <boost/crc.hpp>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cmath>
#include <string_view>
#include <system_error>

namespace anole {
namespace {

namespace fs = std::filesystem;
using tensorboard::Event;

static_assert(std::endian::native == std::endian::little, "numbers are copied as they lie there");

constexpr std::int64_t kLastTime = 9'999'999'998;  // of ten digits, and one after it [s]
constexpr std::string_view kPrefix = "events.out.tfevents.";

double Now() {  // [s] since 1970
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// CRC-32C, masked as record_writer.h does.
std::uint32_t MaskedCrc(std::string_view bytes) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return std::rotr(static_cast<std::uint32_t>(crc.checksum()), 15) + 0xa282ead8;
}

template <typename Number>
void Append(std::string& bytes, Number number) {
  const auto raw = std::bit_cast<std::array<char, sizeof(Number)>>(number);
  bytes.append(raw.begin(), raw.end());
}

std::string Record(std::string_view message) {
  std::string record;
  Append(record, std::uint64_t{message.size()});
  Append(record, MaskedCrc(record));
  record += message;
  Append(record, MaskedCrc(message));
  return record;
}

Event EventAt(std::int64_t step) {
  Event event;
  event.set_wall_time(Now());
  event.set_step(step);
  return event;
}

[[noreturn]] void Fail(const fs::path& path) {
  throw fs::filesystem_error("cannot write", path, {errno, std::generic_category()});
}

// The time in the newest file's name [s since 1970], or 0.
std::int64_t NewestTime(const fs::path& folder) {
  std::int64_t newest = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kPrefix)) continue;
    std::int64_t time = 0;
    std::from_chars(name.data() + kPrefix.size(), name.data() + name.size(), time);
    // A name with more digits than ours is no time of this program's.
    if (time <= kLastTime) newest = std::max(newest, time);
  }
  return newest;
}

// A file that was not there before, and its descriptor. TensorBoard reads a folder's files in the
// order of their names, so the new one's time exceeds all others' even where the clock does not.
std::pair<fs::path, int> OpenNew(const fs::path& folder) {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host = {"localhost"};
  while (true) {
    const std::int64_t time = std::max(static_cast<std::int64_t>(Now()), NewestTime(folder) + 1);
    fs::path path = folder / fmt::format("{}{:010}.{}.{}", kPrefix, time, host.data(), ::getpid());
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file >= 0) return {std::move(path), file};
    if (errno != EEXIST) Fail(path);
  }
}

}  // namespace

EventFile::EventFile(std::pair<fs::path, int> opened)
    : path_(std::move(opened.first)), file_(opened.second) {}

EventFile::EventFile(const fs::path& folder, std::int64_t first_step) : EventFile(OpenNew(folder)) {
  Event version = EventAt(0);
  version.set_file_version("brain.Event:2");
  Write(version.SerializeAsString());
  // TensorBoard takes the first START of a folder for the run's begin and drops nothing for it.
  Event start = EventAt(first_step);
  start.mutable_session_log()->set_status(tensorboard::SessionLog::START);
  Write(start.SerializeAsString());
}

EventFile::~EventFile() { ::close(file_); }

void EventFile::WriteText(const std::string& tag, const std::string& markdown,
                          std::int64_t step) const {
  Event event = EventAt(step);
  tensorboard::Summary::Value& value = *event.mutable_summary()->add_value();
  value.set_tag(tag);
  value.mutable_metadata()->mutable_plugin_data()->set_plugin_name("text");
  value.mutable_tensor()->set_dtype(tensorboard::DT_STRING);
  value.mutable_tensor()->mutable_tensor_shape();
  value.mutable_tensor()->add_string_val(markdown);
  Write(event.SerializeAsString());
}

void EventFile::WriteScalars(std::int64_t step, std::span<const Scalar> scalars) const {
  Event event = EventAt(step);
  for (const auto& [tag, number, description] : scalars) {
    if (std::isnan(number)) continue;
    tensorboard::Summary::Value& value = *event.mutable_summary()->add_value();
    value.set_tag(tag);
    value.set_simple_value(static_cast<float>(number));
    if (!description.empty()) value.mutable_metadata()->set_summary_description(description);
  }
  Write(event.SerializeAsString());
}

void EventFile::Write(const std::string& event) const {
  const std::string record = Record(event);
  std::string_view left = record;
  while (!left.empty()) {
    const ssize_t written = ::write(file_, left.data(), left.size());
    if (written < 0 && errno != EINTR) Fail(path_);
    if (written > 0) left.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace anole
