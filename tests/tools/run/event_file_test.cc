#include "tools/run/logs/tensorboard/event_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>

namespace anole {
namespace {

namespace fs = std::filesystem;
using Scalars = std::vector<Scalar>;

// CRC-32C bit by bit.
std::uint32_t Crc(const std::string& bytes) {
  std::uint32_t crc = ~0U;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) * 0x82F63B78U);
  }
  return ~crc;
}

std::uint32_t Masked(std::uint32_t crc) { return ((crc >> 15U) | (crc << 17U)) + 0xa282ead8U; }

template <typename Number>
Number Take(std::string& bytes) {
  Number number{};
  if (bytes.size() < sizeof(number)) throw std::runtime_error("cut short");
  std::memcpy(&number, bytes.data(), sizeof(number));
  bytes.erase(0, sizeof(number));
  return number;
}

// The messages of a file, whose lengths and checksums must be right.
std::vector<std::string> Messages(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  std::vector<std::string> messages;
  while (!bytes.empty()) {
    const std::string length = bytes.substr(0, 8);
    const auto size = Take<std::uint64_t>(bytes);
    EXPECT_EQ(Take<std::uint32_t>(bytes), Masked(Crc(length)));
    messages.push_back(bytes.substr(0, size));
    bytes.erase(0, size);
    EXPECT_EQ(Take<std::uint32_t>(bytes), Masked(Crc(messages.back())));
  }
  return messages;
}

// As it lies in a message, with `number` of type double, float or std::int64_t.
template <typename Number>
std::string Raw(Number number) {
  return {reinterpret_cast<const char*>(&number), sizeof(number)};
}

// A field of a message: its number, the length, the bytes, which are fewer than 128.
std::string Field(int number, const std::string& bytes) {
  return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(bytes.size())} + bytes;
}

std::string Value(const std::string& tag, float number) {
  return Field(1, Field(1, tag) + "\x15" + Raw(number));
}

// All of an event but its first field: 9 bytes with the time.
std::string AfterTime(const std::string& message) { return message.substr(9); }

class EventFileTest : public testing::Test {
 protected:
  EventFileTest() { fs::create_directory(folder_); }
  ~EventFileTest() override { fs::remove_all(folder_); }

  const fs::path folder_ =
      std::string("event_file_") + testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST(Crc, IsCastagnolis) { EXPECT_EQ(Crc("123456789"), 0xe3069283U); }

TEST_F(EventFileTest, BeginsWithItsVersionAndTheStartOfTheRun) {
  const auto seconds = [] {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  };
  const double before = seconds();
  const EventFile file(folder_, 5);
  const double after = seconds();
  std::vector<std::string> messages = Messages(file.path());
  ASSERT_EQ(messages.size(), 2);
  EXPECT_EQ(AfterTime(messages[0]), Field(3, "brain.Event:2"));
  EXPECT_EQ(AfterTime(messages[1]), "\x10\x05" + Field(7, "\x08\x01"));
  for (std::string& message : messages) {
    EXPECT_EQ(Take<char>(message), '\x09');
    const double time = Take<double>(message);
    EXPECT_LE(before, time);
    EXPECT_LE(time, after);
  }
}

TEST_F(EventFileTest, DescribesAScalarBesideItsValue) {
  const EventFile file(folder_, 0);
  const std::size_t before = Messages(file.path()).size();
  file.WriteScalars(1, Scalars{{"a", 2, "of what"}});
  const std::string value =
      Field(1, Field(1, "a") + "\x15" + Raw(2.0F) + Field(9, Field(3, "of what")));
  EXPECT_EQ(AfterTime(Messages(file.path()).at(before)), "\x10\x01" + Field(5, value));
}

TEST_F(EventFileTest, WritesScalarsInOrderAsOneEventThatIsThereAtOnce) {
  const EventFile file(folder_, 0);
  const double none = std::nan("");
  file.WriteScalars(300, Scalars{{"b", 0.1}, {"none", none}, {"a", -2}});
  std::vector<std::string> messages = Messages(file.path());
  ASSERT_EQ(messages.size(), 3);
  EXPECT_EQ(AfterTime(messages[2]), "\x10\xac\x02" + Field(5, Value("b", 0.1F) + Value("a", -2.F)));

  const double infinity = std::numeric_limits<double>::infinity();
  file.WriteScalars(301, Scalars{{"a", infinity}, {"b", -infinity}, {"zero", 0}});
  file.WriteScalars(302, Scalars{{"none", none}});
  messages = Messages(file.path());
  ASSERT_EQ(messages.size(), 5);
  const auto limit = std::numeric_limits<float>::infinity();
  EXPECT_EQ(AfterTime(messages[3]),
            "\x10\xad\x02" + Field(5, Value("a", limit) + Value("b", -limit) + Value("zero", 0.F)));
  EXPECT_EQ(AfterTime(messages[4]), "\x10\xae\x02");
}

TEST_F(EventFileTest, WritesTexts) {
  const EventFile file(folder_, 0);
  file.WriteText("config", "seed = 1", 0);
  const std::string metadata = Field(9, Field(1, Field(1, "text")));
  const std::string tensor = Field(8, "\x08\x07" + Field(2, "") + Field(8, "seed = 1"));
  // Fields lie in the order of their numbers.
  EXPECT_EQ(AfterTime(Messages(file.path()).at(2)),
            Field(5, Field(1, Field(1, "config") + tensor + metadata)));
}

TEST_F(EventFileTest, ManyOfOneSecondAreNewAndSortByAge) {
  std::vector<fs::path> paths;
  for (int i = 0; i < 12; ++i) paths.push_back(EventFile(folder_, i).path());
  EXPECT_TRUE(std::ranges::is_sorted(paths));
  for (std::size_t i = 0; i < paths.size(); ++i) {
    EXPECT_EQ(paths[i].string().find("event_file_"), 0U);
    EXPECT_EQ(paths[i].filename().string().find("events.out.tfevents."), 0U);
    // An earlier one would have been overwritten, or appended to.
    const std::string step = i == 0 ? "" : std::string{'\x10', static_cast<char>(i)};
    EXPECT_EQ(AfterTime(Messages(paths[i]).at(1)), step + Field(7, "\x08\x01"));
  }
}

TEST_F(EventFileTest, ComesAfterOneOfTheFuture) {
  const fs::path future = folder_ / "events.out.tfevents.4102444800.elsewhere.1";
  std::ofstream(future) << "as it was";
  EXPECT_GT(EventFile(folder_, 0).path(), future);
  EXPECT_EQ(fs::file_size(future), 9U);
}

TEST_F(EventFileTest, ThrowsWithThePathWhereItCannotWrite) {
  try {
    EventFile(folder_ / "absent", 0);
    FAIL() << "wrote into a folder that is not there";
  } catch (const fs::filesystem_error& error) {
    EXPECT_EQ(error.path1(), folder_ / "absent");
    EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
  }
  // As no user, root included, can create a file in /proc.
  EXPECT_THROW(EventFile("/proc", 0), fs::filesystem_error);
}

}  // namespace
}  // namespace anole
