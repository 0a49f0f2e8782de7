#include "meta/checkpoint.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <type_traits>

#include "configs/user_error.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

class CheckpointTest : public testing::Test {
 protected:
  CheckpointTest() {
    fs::create_directories(folder_);
    state_.theta = Vector::LinSpaced(8, -1, 1) / 3;
    state_.context = Eigen::Vector2d(1e-300, -0.0);
    state_.optimizer = Vector::LinSpaced(16, 0, 1);
    state_.iteration = 12;
    state_.samples = 3000000000;
    state_.direction_norm = 0.25;
    state_.best = {-3.5, 10, 2};
  }
  ~CheckpointTest() override { fs::remove_all(folder_); }

  std::string ErrorOfLoading(const Layout& layout) const {
    try {
      LoadState(file_, layout);
    } catch (const UserError& error) {
      return error.what();
    }
    return "";
  }

  fs::path folder_ =
      fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
  fs::path file_ = folder_ / "state.safetensors";
  Layout layout_{{{"policy/w", {2, 3}}, {"policy/b", {2}}}, {{"policy/log_std", {2}}}};
  MetaState state_;
};

TEST_F(CheckpointTest, InSinglePrecisionItComesBackRounded) {
  state_.context = Eigen::Vector2d(1.0 / 3, -0.0);
  SaveState(file_, state_, layout_, {});
  const auto whole = fs::file_size(file_);
  SaveState(file_, state_, layout_, {}, Precision::kSingle);
  EXPECT_LT(fs::file_size(file_), whole);
  const MetaState loaded = LoadState(file_, layout_);
  EXPECT_EQ(loaded.theta, state_.theta.cast<float>().cast<double>());
  EXPECT_NE(loaded.theta, state_.theta);
  EXPECT_EQ(loaded.context, state_.context.cast<float>().cast<double>());
  EXPECT_EQ(loaded.samples, 3000000000);
  EXPECT_EQ(Signature(loaded), Signature(ReadSafetensors(file_)));
}

TEST_F(CheckpointTest, AnAverageIsThereOnlyWhereItIsKept) {
  SaveState(file_, state_, layout_, {});
  EXPECT_EQ(ReadSafetensors(file_).Find("average"), nullptr);
  state_.average = Vector::LinSpaced(8, 0, 1);
  SaveState(file_, state_, layout_, {});
  EXPECT_EQ(LoadState(file_, layout_).average, state_.average);
  state_.average.resize(3);
  SaveState(file_, state_, layout_, {});
  EXPECT_NE(ErrorOfLoading(layout_).find("tensor average has 3 elements, and theta 8"),
            std::string::npos);
}

TEST_F(CheckpointTest, ComesBackBitForBit) {
  SaveState(file_, state_, layout_, {{"note", "a"}});
  const MetaState loaded = LoadState(file_, layout_);
  EXPECT_EQ(loaded.theta, state_.theta);
  EXPECT_EQ(loaded.context, state_.context);
  EXPECT_TRUE(std::signbit(loaded.context[1]));
  EXPECT_EQ(loaded.optimizer, state_.optimizer);
  EXPECT_EQ(loaded.iteration, 12);
  EXPECT_EQ(loaded.samples, 3000000000);
  EXPECT_EQ(loaded.direction_norm, 0.25);
  EXPECT_EQ(loaded.best.score, -3.5);
  EXPECT_EQ(loaded.best.iteration, 10);
  EXPECT_EQ(loaded.best.validations_since, 2);
  EXPECT_EQ(ReadSafetensors(file_).metadata.at("note"), "a");
}

TEST_F(CheckpointTest, WhatIsNotFiniteIsRefused) {
  const MetaState good = state_;
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {std::nan(""), infinity, -infinity, 1e39}) {
    state_ = good;
    state_.theta[6] = bad;
    SaveState(file_, state_, layout_, {});
    EXPECT_TRUE(ErrorOfLoading(layout_).starts_with(file_.string() + ": tensor policy/b holds"))
        << ErrorOfLoading(layout_);
    state_ = good;
    state_.context[0] = bad;
    SaveState(file_, state_, layout_, {});
    EXPECT_NE(ErrorOfLoading(layout_).find("tensor policy/log_std holds"), std::string::npos);
  }
}

TEST_F(CheckpointTest, WhatIsLessThanItCanBeIsRefused) {
  layout_.context[0].min = 0;
  SaveState(file_, state_, layout_, {});
  EXPECT_EQ(ErrorOfLoading(layout_), "") << "-0 is none less";
  state_.context[1] = -1e-9;
  SaveState(file_, state_, layout_, {});
  EXPECT_EQ(ErrorOfLoading(layout_), file_.string() +
                                         ": tensor policy/log_std is damaged: it holds numbers "
                                         "below 0");
}

TEST_F(CheckpointTest, SignaturesKnowParametersOnly) {
  SaveState(file_, state_, layout_, {});
  EXPECT_EQ(Signature(ReadSafetensors(file_)), Signature(state_));
  const std::string before = Signature(state_);
  state_.optimizer[0] = state_.direction_norm = state_.best.score = 77;
  SaveState(file_, state_, layout_, {});
  EXPECT_EQ(Signature(ReadSafetensors(file_)), before);
}

TEST_F(CheckpointTest, ANumberThatChangedOnTheDiskIsNoticed) {
  SaveState(file_, state_, layout_, {});
  CheckUndamaged(file_);
  TensorFile file = ReadSafetensors(file_);
  for (auto& [name, tensor] : file.tensors) {
    if (name == "policy/b") std::get<std::vector<double>>(tensor.values)[1] += 1e-9;
  }
  WriteSafetensors(file_, file);
  EXPECT_THROW(CheckUndamaged(file_), UserError);
  EXPECT_NE(ErrorOfLoading(layout_).find("do not match its checksum"), std::string::npos);
}

TEST_F(CheckpointTest, FilesOfOlderVersionsHaveNoValidation) {
  SaveState(file_, state_, layout_, {});
  TensorFile file = ReadSafetensors(file_);
  std::erase_if(file.tensors, [](const auto& entry) {
    return entry.first.starts_with("best/") || entry.first == "direction_norm";
  });
  file.metadata.erase("checksum");
  WriteSafetensors(file_, file);
  const MetaState loaded = LoadState(file_, layout_);
  EXPECT_TRUE(std::isnan(loaded.best.score));
  EXPECT_FALSE(loaded.direction_norm < 1e300);
}

template <class Value>
bool Same(const Value& read, const Value& fresh) {
  if constexpr (std::is_same_v<Value, double>) {
    if (std::isnan(read) && std::isnan(fresh)) return true;
  }
  return read == fresh;
}

// What an older version wrote may lack any field but those that every version had.
TEST_F(CheckpointTest, ALackingFieldIsThatOfAFreshState) {
  state_.average = Vector::LinSpaced(8, 0, 1);
  SaveState(file_, state_, layout_, {});
  const TensorFile whole = ReadSafetensors(file_);
  MetaState fresh;
  VisitFields(fresh, [&](const std::string& name, auto& value, const StateField& field) {
    if (field.blocks != nullptr) return;
    TensorFile file = whole;
    file.metadata.erase("checksum");
    EXPECT_EQ(std::erase_if(file.tensors, [&](const auto& entry) { return entry.first == name; }),
              1)
        << name;
    WriteSafetensors(file_, file);
    if (!field.may_lack) {
      EXPECT_NE(ErrorOfLoading(layout_).find(name), std::string::npos) << name;
      return;
    }
    MetaState loaded = LoadState(file_, layout_);
    VisitFields(loaded, [&](const std::string& other, const auto& read, const StateField&) {
      using Value = std::remove_cvref_t<decltype(read)>;
      if constexpr (std::is_same_v<Value, std::remove_cvref_t<decltype(value)>>) {
        if (other != name) return;
        EXPECT_TRUE(Same(read, value)) << name;
      }
    });
  });
}

TEST_F(CheckpointTest, MemoryOfAnotherOptimizerIsRefused) {
  const auto error = [&](const std::map<std::string, std::string>& notes, std::int64_t size,
                         const OptimizerMemory& expected) -> std::string {
    state_.optimizer = Vector::Zero(size);
    SaveState(file_, state_, layout_, notes);
    try {
      CheckOptimizer(file_, expected);
    } catch (const UserError& wrong) {
      return wrong.what();
    }
    return "";
  };
  EXPECT_EQ(error({}, 16, {"adam", 16}), "") << "older files do not tell whose it is";
  EXPECT_EQ(error({{kOptimizerNote, "adam"}}, 16, {"adam", 16}), "");
  EXPECT_EQ(error({}, 0, {"sgd", 0}), "");
  for (const std::int64_t size : {0, 1, 3, 8, 15, 17}) {
    EXPECT_NE(error({}, size, {"adam", 16}).find("needs 16"), std::string::npos) << size;
  }
  EXPECT_NE(error({{kOptimizerNote, "x"}}, 16, {"adam", 16}).find("\"x\""), std::string::npos);
  EXPECT_NE(error({}, 16, {"sgd", 0}).find("needs 0"), std::string::npos);
  const auto broken = [&] {
    state_.optimizer = Vector::Constant(16, std::numeric_limits<double>::quiet_NaN());
    SaveState(file_, state_, layout_, {});
    try {
      CheckOptimizer(file_, {"adam", 16});
    } catch (const UserError& wrong) {
      return std::string(wrong.what());
    }
    return std::string();
  };
  EXPECT_NE(broken().find("not finite"), std::string::npos);
  state_.iteration = 0;
  EXPECT_EQ(error({}, 0, {"adam", 16}), "") << "nothing is remembered before the first step";
  EXPECT_NE(error({}, 16, {"adam", 16}), "");
}

TEST_F(CheckpointTest, CountsThatNoRunReachesAreRefused) {
  for (std::int64_t* count : {&state_.iteration, &state_.samples, &state_.best.iteration}) {
    const std::int64_t before = *count;
    for (const std::int64_t wrong : {std::int64_t{-1}, std::int64_t{1} << 62}) {
      *count = wrong;
      SaveState(file_, state_, layout_, {});
      EXPECT_NE(ErrorOfLoading(layout_), "") << wrong;
    }
    *count = before;
  }
}

TEST_F(CheckpointTest, NamesTensorsByTheLayout) {
  SaveState(file_, state_, layout_, {});
  const TensorFile file = ReadSafetensors(file_);
  const Tensor* weight = file.Find("policy/w");
  ASSERT_NE(weight, nullptr);
  EXPECT_EQ(weight->shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ((*file.FindValues<double>("policy/b"))[1], state_.theta[7]);
}

TEST_F(CheckpointTest, RefusesAnotherArchitecture) {
  SaveState(file_, state_, layout_, {});
  Layout wider = layout_;
  wider.theta[0].shape = {2, 5};
  EXPECT_EQ(ErrorOfLoading(wider),
            file_.string() + ": tensor policy/w has shape [2, 3], this configuration needs [2, 5]");
  Layout other = layout_;
  other.context[0].name = "observation/mean";
  EXPECT_NE(ErrorOfLoading(other).find("has no tensor observation/mean"), std::string::npos);
}

TEST_F(CheckpointTest, RefusesAForeignFile) {
  WriteSafetensors(file_, {});
  EXPECT_NE(ErrorOfLoading(layout_).find("not a file of anole"), std::string::npos);
}

TEST_F(CheckpointTest, RefusesEveryTruncation) {
  SaveState(file_, state_, layout_, {});
  const auto size = fs::file_size(file_);
  for (std::uintmax_t kept = 0; kept < size; kept += 7) {
    fs::resize_file(file_, kept);
    EXPECT_NE(ErrorOfLoading(layout_).find(file_.string()), std::string::npos) << kept << " bytes";
    SaveState(file_, state_, layout_, {});
  }
}

TEST_F(CheckpointTest, SignaturesTellParametersApart) {
  SaveState(file_, state_, layout_, {});
  EXPECT_EQ(Signature(state_), Signature(ReadSafetensors(file_)));
  EXPECT_EQ(Signature(state_).size(), 16U);
  MetaState other = state_;
  other.theta[3] = std::nextafter(other.theta[3], 1);
  EXPECT_NE(Signature(other), Signature(state_));
  other = state_;
  other.context[1] = 0;  // not -0
  EXPECT_NE(Signature(other), Signature(state_));
  other = state_;
  other.optimizer[0] = 7;  // no parameter
  EXPECT_EQ(Signature(other), Signature(state_));
}

TEST_F(CheckpointTest, AnAverageStandsForTheta) {
  MetaState averaged = state_;
  averaged.average = state_.theta * 2;
  SaveState(file_, averaged, layout_, {});
  EXPECT_EQ(Signature(averaged), Signature(Learned(averaged)));
  EXPECT_EQ(Signature(averaged), Signature(ReadSafetensors(file_)));
  EXPECT_NE(Signature(averaged), Signature(state_));
  averaged.theta[0] += 1;  // not what is learned
  SaveState(file_, averaged, layout_, {});
  EXPECT_EQ(Signature(averaged), Signature(ReadSafetensors(file_)));
}

}  // namespace
}  // namespace anole
