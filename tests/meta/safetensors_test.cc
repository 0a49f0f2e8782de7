#include "meta/safetensors.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <bit>
#include <cstring>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <random>
#include <stdexcept>
#include <system_error>

#include "configs/user_error.h"

namespace anole {
namespace {

using Doubles = std::vector<double>;
using Integers = std::vector<std::int64_t>;
namespace fs = std::filesystem;

class SafetensorsTest : public testing::Test {
 protected:
  SafetensorsTest() {
    std::string name = (fs::temp_directory_path() / "anole-safetensors-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    path_ = folder_ / "file.safetensors";
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Write(std::string_view bytes) const {
    std::ofstream(path_, std::ios::binary).write(bytes.data(), std::ssize(bytes));
  }
  std::string Bytes() const {
    std::ifstream stream(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  // Writes a file of this header and as many bytes of data.
  void WriteHeader(std::string_view header, std::size_t data_bytes) const {
    const std::uint64_t length = header.size();
    std::string bytes(sizeof(length), '\0');
    std::memcpy(bytes.data(), &length, sizeof(length));
    Write(bytes.append(header).append(data_bytes, '\0'));
  }
  // The message of the refusal, without the path that stands before each.
  std::string Refusal() const { return Refusal(path_); }
  static std::string Refusal(const fs::path& path) {
    try {
      ReadSafetensors(path);
    } catch (const UserError& error) {
      const std::string text = error.what();
      const std::string prefix = path.string() + ": ";
      EXPECT_TRUE(text.starts_with(prefix)) << text;
      return text.substr(prefix.size());
    }
    return "(none)";
  }

  fs::path folder_, path_;
};

// Equal in every bit, which == is not for NaN and zeros.
void ExpectSameBits(const Doubles& a, const Doubles& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(a[i]), std::bit_cast<std::uint64_t>(b[i])) << i;
  }
}

TEST_F(SafetensorsTest, RoundTripKeepsEveryBit) {
  using Limits = std::numeric_limits<double>;
  const Doubles special = {std::bit_cast<double>(0x7ff8000000c0ffeeULL),  // NaN with a payload
                           std::bit_cast<double>(0xfff0000000000001ULL),  // signalling, negative
                           -0.0,
                           Limits::denorm_min(),
                           -Limits::denorm_min(),
                           Limits::infinity(),
                           Limits::max(),
                           0.1};
  const Integers integers = {std::numeric_limits<std::int64_t>::min(), -1,
                             std::numeric_limits<std::int64_t>::max()};
  const TensorFile file{.tensors = {{"special", {{2, 4}, special}},
                                    {"empty", {{0, 3}, Doubles{}}},
                                    {"integers", {{3}, integers}},
                                    {"no integers", {{0}, Integers{}}},
                                    {"scalar", {{}, Doubles{3.5}}},
                                    {"a \"quoted\" näme\n", {{1}, Doubles{-1.0}}}},
                        .metadata = {{"empty", ""}, {"text", "line 1\nline 2 – \"ü\""}}};
  WriteSafetensors(path_, file);
  const TensorFile read = ReadSafetensors(path_);

  EXPECT_EQ(read.metadata, file.metadata);
  ASSERT_EQ(read.tensors.size(), file.tensors.size());
  for (std::size_t i = 0; i < file.tensors.size(); ++i) {
    EXPECT_EQ(read.tensors[i].first, file.tensors[i].first);
    EXPECT_EQ(read.tensors[i].second.shape, file.tensors[i].second.shape);
    EXPECT_EQ(read.tensors[i].second.values.index(), file.tensors[i].second.values.index());
  }
  ExpectSameBits(*read.FindValues<double>("special"), special);
  EXPECT_EQ(*read.FindValues<std::int64_t>("integers"), integers);
  EXPECT_EQ(*read.FindValues<double>("scalar"), Doubles{3.5});
}

TEST_F(SafetensorsTest, WrittenTwiceGivesTheSameBytes) {
  const TensorFile file{.tensors = {{"b", {{1}, Doubles{1}}}, {"a", {{1}, Integers{2}}}},
                        .metadata = {{"y", "1"}, {"x", "2"}}};
  WriteSafetensors(path_, file);
  const std::string bytes = Bytes();
  WriteSafetensors(path_, ReadSafetensors(path_));
  EXPECT_EQ(Bytes(), bytes);
}

TEST_F(SafetensorsTest, FindsByNameAndType) {
  const TensorFile file{.tensors = {{"x", {{1}, Doubles{1}}}}, .metadata = {}};
  EXPECT_EQ(file.Find("x"), &file.tensors[0].second);
  EXPECT_EQ(file.Find("y"), nullptr);
  EXPECT_NE(file.FindValues<double>("x"), nullptr);
  EXPECT_EQ(file.FindValues<std::int64_t>("x"), nullptr);
  EXPECT_EQ(file.FindValues<double>("y"), nullptr);
}

// The bytes that every safetensors reader understands, written out by hand.
TEST_F(SafetensorsTest, Golden) {
  const TensorFile file{
      .tensors = {{"w", {{1, 2}, Doubles{1.0, -2.0}}}, {"n", {{}, Integers{258}}}},
      .metadata = {{"format", "anole"}}};
  using namespace std::string_view_literals;  // NOLINT(google-build-using-namespace)
  const std::string golden(
      "\x98\0\0\0\0\0\0\0"
      R"({"__metadata__":{"format":"anole"},)"
      R"("w":{"dtype":"F64","shape":[1,2],"data_offsets":[0,16]},)"
      R"("n":{"dtype":"I64","shape":[],"data_offsets":[16,24]}}       )"
      "\0\0\0\0\0\0\xf0\x3f"
      "\0\0\0\0\0\0\0\xc0"
      "\x02\x01\0\0\0\0\0\0"sv);
  WriteSafetensors(path_, file);
  EXPECT_EQ(Bytes(), golden);

  Write(golden);
  const TensorFile read = ReadSafetensors(path_);
  EXPECT_EQ(read.metadata.at("format"), "anole");
  EXPECT_EQ(read.Find("w")->shape, (Integers{1, 2}));
  EXPECT_EQ(*read.FindValues<double>("w"), (Doubles{1.0, -2.0}));
  EXPECT_EQ(read.Find("n")->shape, Integers{});
  EXPECT_EQ(*read.FindValues<std::int64_t>("n"), Integers{258});
}

TEST_F(SafetensorsTest, NoTensors) {
  WriteSafetensors(path_, {});
  EXPECT_EQ(Bytes(), std::string("\x08\0\0\0\0\0\0\0{}      ", 16));
  EXPECT_TRUE(ReadSafetensors(path_).tensors.empty());
}

TEST_F(SafetensorsTest, ReadsSinglePrecisionAsDouble) {
  WriteHeader(R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 0);
  const float values[] = {0.1F, -3.0F};
  std::string bytes = Bytes();
  bytes.append(reinterpret_cast<const char*>(values), sizeof(values));
  Write(bytes);
  EXPECT_EQ(*ReadSafetensors(path_).FindValues<double>("x"), (Doubles{double{0.1F}, -3.0}));
}

// Other writers sort the header by name, not by place; data of odd alignment are allowed too.
TEST_F(SafetensorsTest, HeaderNeedNotBeInTheOrderOfTheData) {
  WriteHeader(R"({"a":{"dtype":"F64","shape":[1],"data_offsets":[4,12]},)"
              R"("b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
              R"("c":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}})",
              12);
  const TensorFile read = ReadSafetensors(path_);
  ASSERT_EQ(read.tensors.size(), 3U);
  EXPECT_EQ(read.tensors[0].first, "a");
}

TEST_F(SafetensorsTest, RefusesWhatIsNoFile) {
  EXPECT_EQ(Refusal(), "no such file");
  EXPECT_EQ(Refusal(path_ / "below"), "no such file");
  EXPECT_EQ(Refusal(folder_), "is a folder, not a file");
  EXPECT_EQ(Refusal("/dev/null"), "is not a regular file");
  if (geteuid() != 0) {  // root may read everything
    Write("");
    fs::permissions(path_, fs::perms::none);
    EXPECT_EQ(Refusal(), "cannot be opened: Permission denied");
  }
}

TEST_F(SafetensorsTest, RefusesEveryTruncation) {
  WriteSafetensors(path_, {.tensors = {{"x", {{2}, Doubles{1, 2}}}}, .metadata = {}});
  const std::string bytes = Bytes();
  const std::size_t header_end = bytes.size() - 16;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Write(bytes.substr(0, size));
    const std::size_t expected = size < 8 ? 8 : size < header_end ? header_end : bytes.size();
    EXPECT_EQ(Refusal(), "is truncated: " + std::to_string(size) + " bytes are there, " +
                             std::to_string(expected) + " are expected");
  }
}

TEST_F(SafetensorsTest, RefusesTrailingBytes) {
  WriteSafetensors(path_, {.tensors = {{"x", {{1}, Doubles{1}}}}, .metadata = {}});
  const std::size_t size = Bytes().size();
  Write(Bytes() + '\0');
  EXPECT_EQ(Refusal(), "has trailing bytes: " + std::to_string(size + 1) + " bytes are there, " +
                           std::to_string(size) + " are expected");
}

TEST_F(SafetensorsTest, RefusesHugeHeader) {
  Write(std::string(64, '\xff'));
  EXPECT_EQ(Refusal(), "is not a safetensors file");
  Write(std::string("\0\0\0\x05\0\0\0\0", 8));
  EXPECT_EQ(Refusal(), "is not a safetensors file");
  Write(std::string("\0\0\x50\0\0\0\0\0", 8));  // allowed, but not there
  EXPECT_EQ(Refusal(), "is truncated: 8 bytes are there, 5242888 are expected");
}

TEST_F(SafetensorsTest, RefusesHeaderThatIsNoJsonObject) {
  for (const char* header : {"", "{", "{}}", "{\"x\":1e999}", "{\"\xff\":{}}", "hello"}) {
    WriteHeader(header, 0);
    EXPECT_EQ(Refusal(), "is not a safetensors file: its header is not JSON") << header;
  }
  for (const char* header : {"[]", "null", "3"}) {
    WriteHeader(header, 0);
    EXPECT_EQ(Refusal(), "is not a safetensors file: its header is not a JSON object") << header;
  }
}

TEST_F(SafetensorsTest, RefusesDeeplyNestedHeader) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  for (const std::string& header :
       {std::string(1'000'000, '['), deep, "{\"x\":" + deep + "}",
        R"({"x":{"dtype":"F64","shape":)" + deep + R"(,"data_offsets":[0,8]}})",
        R"({"__metadata__":{"a":)" + deep + "}}"}) {
    WriteHeader(header, 8);
    EXPECT_EQ(Refusal(), "is not a safetensors file: its header is nested too deep");
  }
}

TEST_F(SafetensorsTest, RefusesDuplicateNames) {
  const std::string x = R"("x":{"dtype":"F64","shape":[],"data_offsets":[0,8]})";
  WriteHeader("{" + x + "," + x + "}", 8);
  EXPECT_EQ(Refusal(), "the name 'x' occurs twice in its header");
  WriteHeader(R"({"__metadata__":{},"__metadata__":{}})", 0);
  EXPECT_EQ(Refusal(), "the name '__metadata__' occurs twice in its header");
  WriteHeader(R"({"x":{"shape":[1],"dtype":"F64","data_offsets":[0,8],"shape":[]}})", 8);
  EXPECT_EQ(Refusal(), "the name 'shape' occurs twice in its header");
}

TEST_F(SafetensorsTest, SameKeyInTwoTensorsIsNoDuplicate) {
  WriteHeader(R"({"shape":{"dtype":"F64","shape":[0],"data_offsets":[0,0]},)"
              R"("dtype":{"dtype":"F64","shape":[0],"data_offsets":[0,0]}})",
              0);
  EXPECT_EQ(ReadSafetensors(path_).tensors.size(), 2U);
}

TEST_F(SafetensorsTest, RefusesMetadataThatIsNoText) {
  WriteHeader(R"({"__metadata__":[]})", 0);
  EXPECT_EQ(Refusal(), "its __metadata__ is not a JSON object");
  WriteHeader(R"({"__metadata__":{"version":1}})", 0);
  EXPECT_EQ(Refusal(), "its metadata 'version' is not a text");
}

// One tensor of 16 bytes of data.
struct Malformed {
  const char* tensor;
  const char* refusal;
};

TEST_F(SafetensorsTest, RefusesMalformedTensor) {
  const std::initializer_list<Malformed> cases = {
      {R"(3)", "lacks its dtype, shape or data_offsets"},
      {R"({"shape":[2],"data_offsets":[0,16]})", "lacks its dtype, shape or data_offsets"},
      {R"({"dtype":"F64","data_offsets":[0,16]})", "lacks its dtype, shape or data_offsets"},
      {R"({"dtype":"F64","shape":[2]})", "lacks its dtype, shape or data_offsets"},
      {R"({"dtype":"BF16","shape":[8],"data_offsets":[0,16]})",
       R"(has the dtype "BF16" (F64, I64 and F32 can be read))"},
      {R"({"dtype":64,"shape":[2],"data_offsets":[0,16]})",
       "has the dtype 64 (F64, I64 and F32 can be read)"},
      {R"({"dtype":"F64","shape":2,"data_offsets":[0,16]})",
       "has the shape 2, which is not a list of sizes"},
      {R"({"dtype":"F64","shape":[-2],"data_offsets":[0,16]})",
       "has the shape [-2], which is not a list of sizes"},
      {R"({"dtype":"F64","shape":[-1,-2],"data_offsets":[0,16]})",
       "has the shape [-1,-2], which is not a list of sizes"},
      {R"({"dtype":"F64","shape":[2.0],"data_offsets":[0,16]})",
       "has the shape [2.0], which is not a list of sizes"},
      {R"({"dtype":"F64","shape":["2"],"data_offsets":[0,16]})",
       R"(has the shape ["2"], which is not a list of sizes)"},
      {R"({"dtype":"F64","shape":[9223372036854775808],"data_offsets":[0,16]})",
       "has the shape [9223372036854775808], which is not a list of sizes"},
      // Products that wrap around to 16 bytes and to 0, and one that needs no multiplication.
      {R"({"dtype":"F64","shape":[4294967296,4294967296,2],"data_offsets":[0,16]})",
       "has the shape [4294967296,4294967296,2], which overflows 64 bits"},
      {R"({"dtype":"F64","shape":[2305843009213693954],"data_offsets":[0,16]})",
       "has the shape [2305843009213693954], which overflows 64 bits"},
      {R"({"dtype":"F64","shape":[0,9223372036854775807,9],"data_offsets":[0,16]})",
       "of shape [0,9223372036854775807,9] needs 0 bytes, but its data_offsets span 16"},
      {R"({"dtype":"F64","shape":[3],"data_offsets":[0,16]})",
       "of shape [3] needs 24 bytes, but its data_offsets span 16"},
      {R"({"dtype":"F32","shape":[2],"data_offsets":[0,16]})",
       "of shape [2] needs 8 bytes, but its data_offsets span 16"},
      {R"({"dtype":"F64","shape":[2],"data_offsets":[16,0]})",
       "has the data_offsets [16,0], which are not a range of bytes"},
      {R"({"dtype":"F64","shape":[2],"data_offsets":[-16,0]})",
       "has the data_offsets [-16,0], which are not a range of bytes"},
      {R"({"dtype":"F64","shape":[2],"data_offsets":[0,8,16]})",
       "has the data_offsets [0,8,16], which are not a range of bytes"},
      {R"({"dtype":"F64","shape":[2],"data_offsets":{"0":0,"1":16}})",
       R"(has the data_offsets {"0":0,"1":16}, which are not a range of bytes)"},
      {R"({"dtype":"F64","shape":[2],"data_offsets":[18446744073709551600,18446744073709551615]})",
       "has the data_offsets [18446744073709551600,18446744073709551615], which are not a range of "
       "bytes"},
  };
  for (const auto& [tensor, refusal] : cases) {
    WriteHeader(std::string(R"({"x":)") + tensor + "}", 16);
    EXPECT_EQ(Refusal(), std::string("tensor 'x' ") + refusal);
  }
}

// A tensor of an exabyte must be found out before memory is asked for.
TEST_F(SafetensorsTest, RefusesSizesBeyondTheFile) {
  WriteHeader(
      R"({"x":{"dtype":"F64","shape":[1152921504606846975],"data_offsets":[0,9223372036854775800]}})",
      16);
  EXPECT_EQ(Refusal(), "is truncated: 114 bytes are there, 9223372036854775898 are expected");
}

TEST_F(SafetensorsTest, RefusesOverlapsAndHoles) {
  WriteHeader(R"({"x":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},)"
              R"("y":{"dtype":"F64","shape":[2],"data_offsets":[8,24]}})",
              24);
  EXPECT_EQ(Refusal(), "the data of tensor 'y' overlap those of another tensor");
  WriteHeader(R"({"x":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},)"
              R"("y":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}})",
              8);
  EXPECT_EQ(Refusal(), "the data of tensor 'y' overlap those of another tensor");
  WriteHeader(R"({"x":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},)"
              R"("y":{"dtype":"F64","shape":[1],"data_offsets":[16,24]}})",
              24);
  EXPECT_EQ(Refusal(), "a hole of 8 bytes before the data of tensor 'y'");
  WriteHeader(R"({"x":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}})", 16);
  EXPECT_EQ(Refusal(), "a hole of 8 bytes before the data of tensor 'x'");
  WriteHeader(R"({"x":{"dtype":"F64","shape":[0],"data_offsets":[8,8]}})", 8);
  EXPECT_EQ(Refusal(), "a hole of 8 bytes before the data of tensor 'x'");
}

// Whatever is damaged, the reader gives a file or a UserError: nothing else is thrown, no crash.
TEST_F(SafetensorsTest, DamagedFilesAreReadOrRefused) {
  WriteSafetensors(path_,
                   {.tensors = {{"w", {{2, 2}, Doubles{1, 2, 3, 4}}}, {"n", {{}, Integers{5}}}},
                    .metadata = {{"format", "anole"}}});
  const std::string bytes = Bytes();
  std::mt19937 random(1);  // NOLINT(bugprone-random-generator-seed,cert-*): the same every time
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string damaged = bytes;
    for (auto damages = 1 + random() % 3; damages > 0; --damages) {
      const std::size_t place = random() % damaged.size();
      switch (random() % 3) {
        case 0:
          damaged[place] = static_cast<char>(random());
          break;
        case 1:
          damaged.erase(place, 1 + random() % 8);
          break;
        default:
          damaged.insert(place, 1, "0129-[]{},:\"\\"[random() % 13]);
          break;
      }
    }
    Write(damaged);
    if (Refusal() != "(none)") ++refused;
  }
  EXPECT_GT(refused, 2000);
  EXPECT_LT(refused, 3000);
}

TEST_F(SafetensorsTest, WriterReportsWhatTheSystemSays) {
  const TensorFile file{.tensors = {{"x", {{1}, Doubles{1}}}}, .metadata = {}};
  const auto code = [&](const fs::path& path) {
    try {
      WriteSafetensors(path, file);
    } catch (const fs::filesystem_error& error) {
      EXPECT_EQ(error.path1(), path);
      return error.code();
    }
    return std::error_code();
  };
  EXPECT_EQ(code(folder_ / "missing" / "file"), std::errc::no_such_file_or_directory);
  EXPECT_EQ(code(folder_), std::errc::is_a_directory);
  EXPECT_EQ(code("/dev/full"), std::errc::no_space_on_device);
}

TEST_F(SafetensorsTest, WriterRefusesWhatNoReaderWouldAccept) {
  const Tensor x{{1}, Doubles{1}};
  EXPECT_THROW(WriteSafetensors(path_, {.tensors = {{"x", x}, {"x", x}}, .metadata = {}}),
               std::invalid_argument);
  EXPECT_THROW(WriteSafetensors(path_, {.tensors = {{"__metadata__", x}}, .metadata = {}}),
               std::invalid_argument);
  EXPECT_THROW(WriteSafetensors(path_, {.tensors = {{"\xff", x}}, .metadata = {}}),
               std::invalid_argument);
  for (const Integers& shape :
       {Integers{2}, Integers{-1, -1}, Integers{0}, Integers{1, 1LL << 62}}) {
    EXPECT_THROW(WriteSafetensors(path_, {.tensors = {{"x", {shape, Doubles{1}}}}, .metadata = {}}),
                 std::invalid_argument);
  }
  EXPECT_FALSE(fs::exists(path_));
}

}  // namespace
}  // namespace anole
