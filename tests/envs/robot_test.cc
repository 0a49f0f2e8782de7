// Robots of task files: what their terms measure, what varies, and how mistakes are told.
#include <gtest/gtest.h>

#include <Eigen/Geometry>
#include <cmath>
#include <filesystem>

#include "envs/stage.h"
#include "tests/envs/robot_folder.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

// A box on a floor with a leg that a motor and a servo move.
constexpr const char* kModel = R"(<mujoco>
  <option timestep="0.005"/>
  <worldbody>
    <geom name="floor" type="plane" size="5 5 .1"/>
    <site name="goal" pos="1 2 .5"/>
    <body name="trunk" pos="0 0 .5">
      <freejoint name="root"/>
      <geom name="trunk" type="box" size=".2 .1 .05" mass="4"/>
      <geom name="head" type="sphere" pos=".2 0 .1" size=".05" mass=".5"/>
      <site name="nose" pos=".25 0 .1"/>
      <body name="thigh" pos="0 0 -.05">
        <joint name="hip" axis="0 1 0" damping=".2" armature=".01" frictionloss=".01"
               stiffness=".1" limited="true" range="-57.29577951308232 114.59155902616465"/>
        <geom name="thigh" type="capsule" fromto="0 0 0 0 0 -.2" size=".02" mass=".5"/>
        <body name="shank" pos="0 0 -.2">
          <joint name="knee" axis="0 1 0" damping=".2" armature=".01"/>
          <geom name="shank" type="capsule" fromto="0 0 0 0 0 -.2" size=".02" mass=".2"/>
        </body>
      </body>
    </body>
  </worldbody>
  <actuator>
    <motor name="hip" joint="hip" gear="5" ctrlrange="-1 1" ctrllimited="true"/>
    <position name="knee" joint="knee" kp="20"/>
  </actuator>
  <sensor>
    <jointpos name="knee_angle" joint="knee"/>
    <framepos name="nose_place" objtype="site" objname="nose"/>
    <accelerometer name="imu" site="nose"/>
  </sensor>
  <keyframe>
    <key name="bent" qpos="0 0 .45 1 0 0 0 .5 -1"/>
  </keyframe>
</mujoco>)";

constexpr const char* kRobot = R"([robot]
model = "robot.xml"
keyframe = "bent"
control_dt = 0.02
position_noise = 0.1
velocity_noise = 0.2
)";
constexpr const char* kRest = R"(
[[action]]
actuators = "hip"
scale = 0.5
offset = 0.1

[[action]]
actuators = "knee"
kind = "position"
scale = 0.3

[[observation]]
term = "joint_positions"

[[reward]]
term = "alive"
)";

class RobotTest : public RobotFolderTest {
 protected:
  RobotTest() { Write("robot.xml", kModel); }
};

// A robot in a state of its own, off its start in every number.
class RobotTermsTest : public RobotTest {
 protected:
  RobotTermsTest()
      : task_(Read(std::string(kRobot) + R"(
[[command]]
name = "speed"
range = [0, 1]
[[command]]
name = "goal_x"
range = [0, 1]
[[command]]
name = "goal_y"
range = [0, 1]
)" + kRest)),
        model_(*task_->robot.model),
        data_(MakeData(model_)) {
    Rng rng = Address{.seed = 4}.Open(Purpose::kReset);
    std::copy_n(task_->robot.start.qpos.data(), model_.nq, data_->qpos);
    Vector change(model_.nv);
    for (double& value : change) value = 0.3 * rng.Normal();
    mj_integratePos(&model_, data_->qpos, change.data(), 1);
    for (int i = 0; i < model_.nv; ++i) data_->qvel[i] = rng.Normal();
    data_->ctrl[0] = 0.7;
    data_->ctrl[1] = -0.4;
    data_->time = 0.3;
    mj_forward(&model_, data_.get());
  }

  RobotState State() const {
    return {.model = model_,
            .data = *data_,
            .commands = command_,
            .action = action_,
            .previous_action = previous_,
            .earlier_action = earlier_,
            .motions = motions_,
            .kept = kept_};
  }

  template <class Terms>
  auto MakeTerm(const std::string& name, const std::string& options) const {
    const Settings settings = Settings::FromText("[o]\n" + options, "test");
    Settings bare;  // without the section
    for (Setting setting : settings.all()) {
      setting.name = setting.name.substr(2);
      bare.Set(setting);
    }
    SettingsReader reader(bare);
    const auto maker = Terms::NewMaker(name);
    maker->Describe(reader);
    return maker->Make({.robot = task_->robot,
                        .action_dim = task_->action_dim(),
                        .control_dt = task_->options.control_dt,
                        .kept = kept_list_,
                        .formulas = formulas_,
                        .accelerations = accelerations_});
  }
  Vector Observed(const std::string& name, const std::string& options = "") const {
    const auto term = MakeTerm<ObservationTerms>(name, options);
    Vector numbers = Vector::Constant(term->size(), std::nan(""));
    term->Write(State(), numbers);
    return numbers;
  }
  double Reward(const std::string& name, const std::string& options = "") const {
    return MakeTerm<RewardTerms>(name, options)->Value(State());
  }
  bool Holds(const std::string& name, const std::string& options) const {
    return MakeTerm<Conditions>(name, options)->Holds(State());
  }
  int Body(const char* name) const { return mj_name2id(&model_, mjOBJ_BODY, name); }
  Eigen::Vector3d Place(const char* body) const {
    return Eigen::Vector3d(data_->xpos + std::ptrdiff_t{3} * Body(body));
  }

  std::unique_ptr<const RobotTask> task_;
  const mjModel& model_;
  DataPtr data_;
  Vector command_ = Eigen::Vector3d(0.8, 0.5, -0.2);
  Vector action_ = Eigen::Vector2d(0.5, -1), previous_ = Eigen::Vector2d(0.2, 1);
  mutable KeptList kept_list_;
  Formulas formulas_;
  mutable bool accelerations_ = false;
  Vector motions_;  // none
  Vector kept_ = Vector::Zero(64);
  Vector earlier_ = Eigen::Vector2d(-0.4, 0.5);
};

TEST_F(RobotTermsTest, ObservationsAreWhatTheirNamesSay) {
  const mjtNum* const q = data_->qpos;
  const mjtNum* const v = data_->qvel;
  EXPECT_EQ(Observed("joint_positions"), Vector(Eigen::Vector2d(q[7] - 0.5, q[8] + 1)));
  EXPECT_EQ(Observed("joint_positions", "joints = \"k*\""), Vector::Constant(1, q[8] + 1));
  EXPECT_EQ(Observed("joint_velocities"), Vector(Eigen::Vector2d(v[6], v[7])));
  EXPECT_EQ(Observed("joint_directions", "joints = \"hip\""),
            Vector(Eigen::Vector2d(std::cos(q[7]), std::sin(q[7]))));
  EXPECT_EQ(Observed("body_position", "body = \"trunk\"\naxes = \"zx\""),
            Vector(Eigen::Vector2d(q[2], q[0])));
  const int nose = mj_name2id(&model_, mjOBJ_SITE, "nose");
  EXPECT_EQ(Observed("site_position", "site = \"nose\""),
            Vector(Eigen::Vector3d(data_->site_xpos + std::ptrdiff_t{3} * nose)));
  // A free body's qvel: its origin's velocity in the world, its rotation in its own axes.
  const Eigen::Map<const Eigen::Vector3d> linear(v), angular(v + 3);
  const Eigen::Matrix3d axes = Eigen::Map<const Eigen::Matrix<double, 3, 3, Eigen::RowMajor>>(
      data_->xmat + 9 * Body("trunk"));
  EXPECT_TRUE(Observed("body_velocity", "body = \"trunk\"\nframe = \"world\"").isApprox(linear));
  EXPECT_TRUE(Observed("body_velocity", "body = \"trunk\"").isApprox(axes.transpose() * linear));
  EXPECT_TRUE(Observed("body_angular_velocity", "body = \"trunk\"").isApprox(angular));
  EXPECT_TRUE(Observed("gravity_direction", "body = \"trunk\"")
                  .isApprox(axes.transpose() * Eigen::Vector3d(0, 0, -1)));
  const Vector quaternion = Observed("body_orientation", "body = \"trunk\"");
  EXPECT_EQ(quaternion, Vector(Eigen::Map<const Vector>(data_->xquat + 4 * Body("trunk"), 4)));
  const Vector last = Observed("body_orientation", "body = \"trunk\"\nform = \"scalar_last\"");
  const double sign = last[3] * quaternion[0] > 0 ? 1 : -1;
  EXPECT_EQ(sign * last,
            Vector(Eigen::Vector4d(quaternion[1], quaternion[2], quaternion[3], quaternion[0])));
  EXPECT_EQ(last.maxCoeff(), quaternion.cwiseAbs().maxCoeff());
  const Vector angles = Observed("body_orientation", "body = \"trunk\"\nform = \"euler\"");
  const Eigen::Matrix3d turned = (Eigen::AngleAxisd(angles[0], Eigen::Vector3d::UnitX()) *
                                  Eigen::AngleAxisd(angles[1], Eigen::Vector3d::UnitY()) *
                                  Eigen::AngleAxisd(angles[2], Eigen::Vector3d::UnitZ()))
                                     .toRotationMatrix();
  EXPECT_TRUE(turned.isApprox(axes, 1e-9));
  EXPECT_EQ(Observed("sensor", "sensor = \"knee_angle\""), Vector::Constant(1, q[8]));
  EXPECT_EQ(Observed("last_action"), action_);
  EXPECT_EQ(Observed("command", "command = \"goal_y\""), Vector::Constant(1, -0.2));
  EXPECT_TRUE(Observed("clock", "period = 0.4").isApprox(Eigen::Vector2d(0, -1), 1e-9));
}

TEST_F(RobotTermsTest, RewardsAreWhatTheirNamesSay) {
  const mjtNum* const q = data_->qpos;
  const mjtNum* const v = data_->qvel;
  const double error = v[0] - 0.8;
  const std::string track = "command = \"speed\"\nbody = \"trunk\"\n";
  EXPECT_NEAR(Reward("track_velocity", track), -std::abs(error), 1e-12);
  EXPECT_NEAR(Reward("track_velocity", track + "kernel = \"squared\""), -error * error, 1e-12);
  EXPECT_NEAR(Reward("track_velocity", track + "kernel = \"exponential\"\ntolerance = 2"),
              std::exp(-error * error / 4), 1e-12);
  EXPECT_NEAR(Reward("velocity", "body = \"trunk\"\naxis = \"y\""), v[1], 1e-12);
  EXPECT_NEAR(Reward("velocity", "body = \"trunk\"\naxis = \"yaw\"\nframe = \"body\""), v[5],
              1e-12);
  EXPECT_NEAR(Reward("height", "body = \"trunk\"\nheight = 0.3"), -std::abs(q[2] - 0.3), 1e-12);
  const Vector gravity = Observed("gravity_direction", "body = \"trunk\"");
  EXPECT_NEAR(Reward("orientation", "body = \"trunk\""), -gravity.head(2).squaredNorm(), 1e-12);
  EXPECT_NEAR(Reward("pose"), -std::pow(q[7] - 0.5, 2) - std::pow(q[8] + 1, 2), 1e-12);
  EXPECT_NEAR(Reward("joint_velocity"), -v[6] * v[6] - v[7] * v[7], 1e-12);
  const double hip = 0.7, knee = 20 * (-0.4 - q[8]);  // forces before the gear
  EXPECT_NEAR(Reward("torque"), -hip * hip - knee * knee, 1e-9);
  EXPECT_NEAR(Reward("power"), -std::abs(hip * 5 * v[6]) - std::abs(knee * v[7]), 1e-9);
  EXPECT_NEAR(Reward("action"), -1.25, 1e-12);
  EXPECT_NEAR(Reward("action_rate"), -0.09 - 4, 1e-12);
  EXPECT_NEAR(Reward("action_acceleration"),
              -std::pow(0.5 - 0.4 - 0.4, 2) - std::pow(-1.0 - 2 + 0.5, 2), 1e-12);
  EXPECT_NEAR(Reward("keep_velocity", "body = \"trunk\"\naxis = \"z\"\nkernel = \"squared\""),
              -v[2] * v[2], 1e-12);
  EXPECT_NEAR(Reward("keep_velocity", "body = \"trunk\"\nwanted = 2.0"), -std::abs(v[0] - 2),
              1e-12);
  EXPECT_NEAR(Reward("sensor", "sensor = \"knee_angle\"\ntarget = 0.2"), -std::abs(q[8] - 0.2),
              1e-12);
  const Vector place = Observed("site_position", "site = \"nose\"");
  EXPECT_NEAR(Reward("sensor", "sensor = \"nose_place\"\nkernel = \"squared\""),
              -place.squaredNorm(), 1e-12);
  EXPECT_NEAR(Reward("sensor", "sensor = \"nose_place\"\ncomponent = 1"), -std::abs(place[1]),
              1e-12);
  // The hip's range is -1 to 2: half of it, about its middle, is -.25 to 1.25.
  data_->qpos[7] = 1.75;
  EXPECT_NEAR(Reward("joint_limits", "share = 0.5"), -0.5, 1e-12);
  data_->qpos[7] = 0.5;
  EXPECT_EQ(Reward("joint_limits", "share = 0.5"), 0);
  Eigen::Matrix<double, 6, 1> nose;
  mj_objectVelocity(&model_, data_.get(), mjOBJ_SITE, mj_name2id(&model_, mjOBJ_SITE, "nose"),
                    nose.data(), 0);
  EXPECT_NEAR(Reward("clearance", "sites = \"nose\"\nheight = 0.1"),
              -std::abs(place[2] - 0.1) * nose.segment<2>(3).norm(), 1e-12);
  const Eigen::Vector3d way = Eigen::Vector3d(1, 2, 0.5) - Place("shank");
  EXPECT_NEAR(Reward("distance", "of = \"shank\"\ntarget = \"goal\""), -way.norm(), 1e-12);
  const Eigen::Vector2d flat = Place("trunk").head<2>() - Eigen::Vector2d(0.5, -0.2);
  EXPECT_NEAR(Reward("distance", "of = \"trunk\"\ntarget = \"goal_x, goal_y\""), -flat.norm(),
              1e-12);
  EXPECT_NEAR(Reward("distance", "of = \"trunk\"\ntarget = \"goal_y\""), -std::abs(q[0] + 0.2),
              1e-12);
}

TEST_F(RobotTermsTest, ConditionsHoldWhereTheirNamesSay) {
  const double z = data_->qpos[2];
  const auto height = [](double low, double high) {
    return "body = \"trunk\"\nrange = [" + std::to_string(low) + ", " + std::to_string(high) + "]";
  };
  EXPECT_FALSE(Holds("height", height(z - 0.1, z + 0.1)));
  EXPECT_TRUE(Holds("height", height(z + 0.1, z + 0.2)));
  EXPECT_TRUE(Holds("height", height(z - 0.2, z - 0.1)));
  const double up = -Observed("gravity_direction", "body = \"trunk\"")[2];
  const double tilt = std::acos(up) * 180 / 3.14159265358979;
  EXPECT_TRUE(Holds("tilt", "body = \"trunk\"\ndegrees = " + std::to_string(tilt - 1)));
  EXPECT_FALSE(Holds("tilt", "body = \"trunk\"\ndegrees = " + std::to_string(tilt + 1)));
  const double knee = data_->qpos[8];
  EXPECT_TRUE(
      Holds("joint_range", "joints = \"knee\"\nrange = [" + std::to_string(knee + 0.1) + ", 9.0]"));
  EXPECT_FALSE(
      Holds("joint_range", "joints = \"knee\"\nrange = [" + std::to_string(knee - 0.1) + ", 9.0]"));
  const double far = (Eigen::Vector3d(1, 2, 0.5) - Place("trunk")).norm();
  EXPECT_TRUE(Holds("distance",
                    "of = \"trunk\"\ntarget = \"goal\"\nwithin = " + std::to_string(far + 0.1)));
  EXPECT_FALSE(Holds("distance",
                     "of = \"trunk\"\ntarget = \"goal\"\nwithin = " + std::to_string(far - 0.1)));
  const auto sensor = [](double low, double high, const std::string& more = "") {
    return "sensor = \"knee_angle\"\nrange = [" + std::to_string(low) + ", " +
           std::to_string(high) + "]\n" + more;
  };
  EXPECT_TRUE(Holds("sensor", sensor(knee - 0.1, knee + 0.1)));
  EXPECT_FALSE(Holds("sensor", sensor(knee + 0.1, knee + 0.2)));
  EXPECT_FALSE(Holds("sensor", sensor(knee - 0.1, knee + 0.1, "side = \"outside\"")));
  EXPECT_TRUE(Holds("sensor", sensor(knee + 0.1, knee + 0.2, "side = \"outside\"")));
  command_[0] = data_->qvel[0] + 0.5;
  const double error = 0.5;
  const std::string track = "command = \"speed\"\nbody = \"trunk\"\nwithin = ";
  EXPECT_TRUE(Holds("track_velocity", track + std::to_string(error + 0.1)));
  EXPECT_FALSE(Holds("track_velocity", track + std::to_string(error - 0.1)));
}

TEST_F(RobotTermsTest, ContactIsThatOfNamedBodies) {
  const std::string shank = "bodies = \"shank\"", all = "bodies = \"*\"";
  mj_resetData(&model_, data_.get());
  mj_forward(&model_, data_.get());
  EXPECT_FALSE(Holds("contact", all));
  EXPECT_EQ(Observed("contact", shank), Vector::Zero(1));
  data_->qpos[2] = 0.45;  // qpos0: both links straight down, .45 m and a radius of .02
  mj_forward(&model_, data_.get());
  ASSERT_GT(data_->ncon, 0);
  EXPECT_TRUE(Holds("contact", shank));
  EXPECT_FALSE(Holds("contact", "bodies = \"trunk, thigh\""));
  EXPECT_EQ(Observed("contact", "bodies = \"shank, thigh\""), Vector(Eigen::Vector2d(0, 1)));
  EXPECT_EQ(Reward("contact", shank), -1);
  EXPECT_EQ(Reward("contact", all), -2);  // the floor's world, too
  EXPECT_TRUE(Holds("contact", shank + "\nwith = \"world\""));
  EXPECT_TRUE(Holds("contact", "bodies = \"world\"\nwith = \"sh*\""));
  EXPECT_FALSE(Holds("contact", shank + "\nwith = \"trunk, thigh\""));
  EXPECT_EQ(Reward("slip", shank), 0);  // at rest
  data_->qvel[0] = 2;
  data_->qvel[1] = -1;
  mj_forward(&model_, data_.get());
  EXPECT_NEAR(Reward("slip", shank), -5, 1e-9);
  EXPECT_EQ(Reward("slip", "bodies = \"thigh\""), 0);  // in the air
}

TEST_F(RobotTest, StartsAboutItsKeyframeWhateverTheJoint) {
  const auto family = Make(std::string(kRobot) + kRest);
  const Vector task;
  double farthest = 0;
  for (int i = 0; i < 50; ++i) {
    Stage stage(*family);
    stage.Reset(task, {.rollout = i});
    EXPECT_EQ(stage.data().qpos[2], 0.45);  // the root stays where the keyframe has it
    EXPECT_EQ(stage.data().qpos[3], 1);
    EXPECT_LE(std::abs(stage.data().qpos[7] - 0.5), 0.1);
    EXPECT_LE(std::abs(stage.data().qvel[0]), 0.2);
    farthest = std::max(farthest, std::abs(stage.data().qpos[8] + 1));
  }
  EXPECT_GT(farthest, 0.08);
}

// The same motion as by mj_step alone, and what is derived is of now.
TEST_F(RobotTest, StepsAsMujocoDoesAndSeesThePresent) {
  for (const std::string integrator : {"Euler", "implicitfast", "RK4"}) {
    std::string model = kModel;
    model.replace(model.find("timestep"), 0, "integrator=\"" + integrator + "\" ");
    Write("robot.xml", model);
    const auto family = Make(std::string(kRobot) + kRest, "model_rewrite = \"off\"\n");
    const Vector task;
    Stage stage(*family);
    stage.Reset(task, {});
    const DataPtr plain(mj_copyData(nullptr, &stage.model(), &stage.data()));
    for (int t = 0; t < 50; ++t) {
      const Vector action = Eigen::Vector2d(std::sin(t), 2 * std::cos(t));
      stage.Step(action);
      plain->ctrl[0] = 0.1 + 0.5 * std::sin(t);
      plain->ctrl[1] = -1 + 0.3 * std::clamp(2 * std::cos(t), -1., 1.);
      for (int i = 0; i < 4; ++i) mj_step(&stage.model(), plain.get());
      for (int i = 0; i < 9; ++i)
        ASSERT_EQ(stage.data().qpos[i], plain->qpos[i]) << integrator << t;
      mj_kinematics(&stage.model(), plain.get());
      for (int i = 0; i < 12; ++i) ASSERT_EQ(stage.data().xpos[i], plain->xpos[i]) << integrator;
      EXPECT_EQ(stage.Observe()[1], stage.data().qpos[8] + 1);
    }
    EXPECT_GT(stage.data().ncon, 0);
  }
}

TEST_F(RobotTest, AMotorHoldsAPositionByStiffness) {
  std::string rest = kRest;
  rest.replace(rest.find("scale = 0.5\noffset = 0.1"), 24,
               "kind = \"position\"\nscale = 0.5\nstiffness = 3\ndamping = 0.2");
  const auto family = Make(std::string(kRobot) + rest);
  const Vector task;
  Stage stage(*family);
  stage.Reset(task, {});
  stage.data().qpos[7] = 0.6;
  stage.data().qvel[6] = -0.7;
  const auto described = Read(std::string(kRobot) + rest);
  described->actions[0].made->Apply(stage.model(), Vector::Constant(1, 0.4), stage.data());
  EXPECT_NEAR(stage.data().ctrl[0], (3 * (0.5 + 0.2 - 0.6) + 0.2 * 0.7) / 5, 1e-12);
  described->actions[0].made->Apply(stage.model(), Vector::Constant(1, 1e9), stage.data());
  EXPECT_EQ(stage.data().ctrl[0], 1) << "ctrlrange";
}

TEST_F(RobotTest, ObservationsAreNoisyScaledAndClipped) {
  const std::string common = std::string(kRobot) + R"(
[[action]]
[[reward]]
term = "alive"
[[observation]]
term = "joint_positions"
)";
  const Vector task;
  const auto plain = Make(common);
  const auto scaled = Make(common + "scale = 3\n");
  const auto noisy = Make(common + "noise = 0.5\nscale = 3\nclip = 2\n");
  Stage a(*plain), b(*scaled), c(*noisy);
  a.Reset(task, {});
  b.Reset(task, {});
  c.Reset(task, {});
  EXPECT_EQ(Vector(3 * a.Observe()), b.Observe());
  double square = 0, largest = 0;
  for (int i = 0; i < 1000; ++i) {
    const Vector error = c.Observe() - b.Observe();
    square += error.squaredNorm() / 2000;
    largest = std::max(largest, c.Observe().cwiseAbs().maxCoeff());
  }
  EXPECT_EQ(largest, 2);
  EXPECT_NEAR(std::sqrt(square), 1.2, 0.25);  // 1.5, clipped at 2
}

TEST_F(RobotTest, EndsAndSucceedsByItsConditions) {
  const auto family = Make(std::string(kRobot) + kRest + R"(
[[termination]]
term = "height"
body = "trunk"
range = [0, 1]
[[termination]]
term = "joint_range"
joints = "knee"
range = [-2, 0]
[[success]]
term = "joint_range"
joints = "hip"
range = [9, 9]
[[success]]
term = "height"
body = "trunk"
range = [0.9, 1]
)");
  EXPECT_TRUE(family->spec().has_success);
  const Vector task, still = Vector::Zero(2);
  Stage stage(*family);
  stage.Reset(task, {});
  Outcome outcome = stage.Step(still);
  EXPECT_FALSE(outcome.terminated);
  EXPECT_TRUE(outcome.success);
  EXPECT_EQ(stage.reward_terms()[0], 1);
  stage.Reset(task, {});
  stage.data().qpos[2] = 0.95;
  outcome = stage.Step(still);
  EXPECT_FALSE(outcome.success) << "all conditions of success must hold";
  stage.Reset(task, {});
  stage.data().qpos[2] = 5;
  outcome = stage.Step(still);
  EXPECT_TRUE(outcome.terminated) << "one condition of termination is enough";
  EXPECT_EQ(stage.reward_terms()[0], 0) << "not alive";
}

TEST_F(RobotTest, SucceedsAtTheEndOrEver) {
  const std::string conditions = R"(
[[success]]
term = "sensor"
sensor = "nose_place"
component = 0
range = [1, 2]
)";
  for (const bool ever : {false, true}) {
    const auto family = Make(std::string(kRobot) + (ever ? "success_counts = \"ever\"\n" : "") +
                             kRest + conditions);
    const Vector task, still = Vector::Zero(2);
    Stage stage(*family);
    for (int episode = 0; episode < 2; ++episode) {  // nothing is remembered from one to the next
      stage.Reset(task, {.rollout = episode});
      EXPECT_FALSE(stage.Step(still).success);
      stage.data().qpos[0] = 1.5;
      EXPECT_TRUE(stage.Step(still).success);
      stage.data().qpos[0] = 0;
      EXPECT_EQ(stage.Step(still).success, ever);
    }
  }
}

TEST_F(RobotTest, AFreeBaseStartsElsewhereAndTurned) {
  const auto start = [&](const std::string& noise, std::int64_t rollout) {
    const auto family = Make(std::string(kRobot) + noise + kRest);
    Stage stage(*family);
    stage.Reset(Vector(), {.rollout = rollout});
    return Vector(Eigen::Map<const Vector>(stage.data().qpos, 9));
  };
  double farthest = 0, most = 0;
  for (std::int64_t i = 0; i < 50; ++i) {
    const Vector plain = start("", i), moved = start("place_noise = 0.5\n", i);
    EXPECT_EQ(moved.tail(7), plain.tail(7)) << "all else starts as it did";
    EXPECT_LE((moved - plain).head(2).cwiseAbs().maxCoeff(), 0.5);
    farthest = std::max(farthest, (moved - plain).head(2).cwiseAbs().maxCoeff());
    const Vector turned = start("turn_noise = 1\n", i);
    EXPECT_EQ(turned.head(3), plain.head(3));
    EXPECT_NEAR(turned.segment(3, 4).norm(), 1, 1e-12);
    EXPECT_NEAR(turned.segment(4, 2).norm(), 0, 1e-12) << "it stays upright";
    const double angle = 2 * std::atan2(turned[6], turned[3]);
    EXPECT_LE(std::abs(angle), 1);
    most = std::max(most, std::abs(angle));
  }
  EXPECT_GT(farthest, 0.4);
  EXPECT_GT(most, 0.8);
}

// ---- what varies ----

std::string Vary(const std::string& field, const std::string& more) {
  return "[[randomize]]\nfield = \"" + field + "\"\n" + more;
}

TEST_F(RobotTest, EveryFieldShowsInTheMotion) {
  const std::vector<std::pair<std::string, std::string>> fields = {{"mass", "thigh"},
                                                                   {"mass_alone", "thigh"},
                                                                   {"inertia", "trunk"},
                                                                   {"mass_center_x", "trunk"},
                                                                   {"mass_center_y", "trunk"},
                                                                   {"mass_center_z", "thigh"},
                                                                   {"friction", "*"},
                                                                   {"damping", "hip"},
                                                                   {"armature", "knee"},
                                                                   {"friction_loss", "hip"},
                                                                   {"stiffness", "hip"},
                                                                   {"strength", "*"},
                                                                   {"gravity", ""}};
  // Of a servo that pushes a ball about, which spins and rolls.
  const std::vector<std::pair<std::string, std::string>> more_fields = {
      {"kp", "*"},
      {"kd", "*"},
      {"force_limit", "*"},
      {"joint_zero", "arm"},
      {"place_x", "arm"},
      {"place_y", "arm"},
      {"place_z", "arm"},
      {"size", "ball"},
      {"torsional_friction", "ball"},
      {"rolling_friction", "ball"}};
  Write("ball.xml", R"(<mujoco>
  <option timestep="0.005"/>
  <worldbody>
    <geom type="plane" size="9 9 .1" condim="6" friction="1 0 0"/>
    <body name="arm" pos="0 0 .05">
      <joint name="arm" axis="0 0 1" armature=".01"/>
      <geom type="capsule" fromto="0 0 0 .3 0 0" size=".02" mass=".2" condim="6"/>
    </body>
    <body pos=".2 .071 .05">
      <freejoint/>
      <geom name="ball" size=".05" mass=".1" condim="6" friction=".5 .001 .0001"/>
    </body>
  </worldbody>
  <actuator><position name="arm" joint="arm" kp="2" kv=".1" forcerange="-.4 .4"/></actuator>
</mujoco>)");
  constexpr const char* kBall = R"([robot]
model = "ball.xml"
control_dt = 0.01
[[action]]
kind = "position"
[[observation]]
term = "joint_positions"
[[reward]]
term = "alive"
)";
  std::vector<std::string> known;
  const auto shows = [&](const std::string& robot, const std::string& field,
                         const std::string& target) {
    known.push_back(field);
    const std::string whose = target.empty() ? "" : "target = \"" + target + "\"\n";
    const auto family =
        Make(robot + Vary(field, whose + "operation = \"add\"\nrange = [0, 0.3]\n"));
    ASSERT_EQ(family->spec().task_parameters.size(), 1U);
    const auto motion = [&](double value) {
      const Vector task = Vector::Constant(1, value);
      Stage stage(*family);
      stage.Reset(task, {});
      for (int t = 0; t < 60; ++t) {
        const Eigen::Vector2d action(std::sin(0.05 * t), std::cos(t));
        stage.Step(action.head(family->spec().action_dim));
      }
      return Vector(Eigen::Map<const Vector>(stage.data().qpos, stage.model().nq));
    };
    const Vector usual = motion(0);
    EXPECT_EQ(usual, motion(0)) << field;
    EXPECT_GT((motion(0.3) - usual).norm(), 1e-6) << field;
  };
  for (const auto& [field, target] : fields) {
    shows(std::string(kRobot) + kRest, field, target);
  }
  for (const auto& [field, target] : more_fields) shows(kBall, field, target);
  std::string listed = ErrorOf(std::string(kRobot) + kRest + Vary("unknown", "range = [0, 1]\n"));
  for (const std::string& field : known) {
    const auto at = listed.find(field);
    ASSERT_NE(at, std::string::npos) << field;
  }
  EXPECT_EQ(std::ranges::count(listed, ','), static_cast<std::ptrdiff_t>(known.size()) - 1)
      << "a field is not tested: " << listed;
}

// A changed model moves as one that was compiled so.
TEST_F(RobotTest, AMovedMassCenterIsThatOfACompiledModel) {
  const std::string inertial = "<inertial pos=\"PLACE\" mass=\"3\" diaginertia=\".02 .03 .04\"/>";
  const auto model_with = [&](const std::string& place) {
    std::string model = kModel, part = inertial;
    part.replace(part.find("PLACE"), 5, place);
    model.insert(model.find("<geom name=\"trunk\""), part);
    return model;
  };
  Write("robot.xml", model_with(".1 .02 -.03"));
  const auto compiled = Make(std::string(kRobot) + kRest, "model_rewrite = \"off\"\n");
  Write("robot.xml", model_with("0 0 0"));
  std::string text = std::string(kRobot) + kRest;
  for (const auto& [axis, value] : {std::pair("x", ".1"), {"y", ".02"}, {"z", "-.03"}}) {
    const std::string number = std::string(value).insert(value[0] == '-' ? 1 : 0, "0");
    text +=
        Vary(std::string("mass_center_") + axis,
             "target = \"trunk\"\noperation = \"set\"\nrange = [" + number + ", " + number + "]\n");
  }
  const auto changed = Make(text, "model_rewrite = \"off\"\n");
  const Vector none, task = SampleTasks(*changed, 1, Phase::kTrain, {.count = 1}).col(0);
  EXPECT_EQ(task, Vector(Eigen::Vector3d(0.1, 0.02, -0.03)));
  Stage a(*compiled), b(*changed);
  a.Reset(none, {});
  b.Reset(task, {});
  for (int t = 0; t < 50; ++t) {
    const Vector action = Eigen::Vector2d(std::sin(t), std::cos(t));
    a.Step(action);
    b.Step(action);
    for (int i = 0; i < 9; ++i) ASSERT_NEAR(a.data().qpos[i], b.data().qpos[i], 1e-9) << t;
    for (int i = 0; i < 3 * a.model().ngeom; ++i) {
      ASSERT_NEAR(a.data().geom_xpos[i], b.data().geom_xpos[i], 1e-9) << t;
    }
  }
  EXPECT_GT(a.data().ncon, 0);
}

TEST_F(RobotTest, ScaledMassesKeepTheirShapeAndServosTheirPlace) {
  const auto family =
      Make(std::string(kRobot) + kRest +
           Vary("mass", "target = \"th*, shank\"\nshared = false\nrange = [0.5, 2]\n") +
           Vary("strength", "target = \"knee\"\nrange = [0.5, 2]\n"));
  ASSERT_EQ(family->spec().task_parameters.size(), 3U);
  EXPECT_EQ(family->spec().task_parameters[0].name, "mass:thigh");
  EXPECT_EQ(family->spec().task_parameters[1].name, "mass:shank");
  EXPECT_EQ(family->spec().task_parameters[2].name, "strength:knee");
  const mjModel& plain = family->model();
  TaskModel task_model(*family);
  const DataPtr data = MakeData(plain);
  const mjModel& model = task_model.Prepare(Eigen::Vector3d(2, 0.5, 1.5), {}, *data);
  EXPECT_DOUBLE_EQ(model.body_mass[2], 2 * plain.body_mass[2]);
  EXPECT_DOUBLE_EQ(model.body_inertia[6], 2 * plain.body_inertia[6]);
  EXPECT_DOUBLE_EQ(model.body_mass[3], 0.5 * plain.body_mass[3]);
  EXPECT_DOUBLE_EQ(model.actuator_gainprm[mjNGAIN], 30);
  EXPECT_DOUBLE_EQ(model.actuator_biasprm[mjNBIAS + 1], -30);
  EXPECT_DOUBLE_EQ(model.body_subtreemass[0], 4.5 + 1 + 0.1);
}

TEST_F(RobotTest, DrawsFromItsRanges) {
  const auto family =
      Make(std::string(kRobot) + R"([[command]]
name = "speed"
unit = "m/s"
range = [0, 1]
test_range = [2, 3]
)" + kRest +
           Vary("mass", "target = \"thigh\"\ndistribution = \"log_uniform\"\nrange = [0.25, 4]\n") +
           Vary("damping", "distribution = \"normal\"\nrange = [1, 3]\ntest_range = [4, 5]\n"));
  const Matrix train = SampleTasks(*family, 1, Phase::kTrain, {.count = 2000, .strata = 10});
  const Matrix test = SampleTasks(*family, 1, Phase::kTest, {.count = 2000, .strata = 10});
  for (int i = 0; i < 10; ++i) EXPECT_EQ(std::floor(10 * train(0, i)), i) << "stratified";
  EXPECT_GE(test.row(0).minCoeff(), 2);
  EXPECT_LE(test.row(0).maxCoeff(), 3);
  const Vector logs = train.row(1).array().log() / std::log(4);
  EXPECT_LE(logs.cwiseAbs().maxCoeff(), 1);
  EXPECT_NEAR(logs.squaredNorm() / 2000, 1. / 3, 0.03);
  EXPECT_NEAR(train.row(2).mean(), 2, 0.03);
  EXPECT_NEAR((train.row(2).array() - 2).square().mean(), 0.774 * 0.25,
              0.02);  // cut at 2 deviations
  EXPECT_GE(test.row(2).minCoeff(), 4);
  const FamilySpec& spec = family->spec();
  EXPECT_EQ(spec.task_ranges[0].test.high, 3);
  EXPECT_EQ(spec.task_parameters[0].unit, "m/s");
}

TEST_F(RobotTest, WhatIsPerEpisodeIsNoTask) {
  const auto family = Make(std::string(kRobot) + kRest +
                           Vary("gravity", "per = \"episode\"\nrange = [0.5, 1.5]\n"));
  EXPECT_TRUE(family->spec().task_parameters.empty());
  TaskModel task_model(*family);
  const DataPtr data = MakeData(family->model());
  const auto gravity = [&](int rollout) {
    return task_model.Prepare(Vector(), {.rollout = rollout}, *data).opt.gravity[2];
  };
  EXPECT_NE(gravity(0), gravity(1));
  EXPECT_EQ(gravity(0), gravity(0));
  for (int i = 0; i < 100; ++i) {
    EXPECT_LE(gravity(i), -0.5 * 9.81);
    EXPECT_GE(gravity(i), -1.5 * 9.81);
  }
}

// Where friction varies as well: it follows into the pairs of the faster model.
TEST_F(RobotTest, AFasterModelMovesAlike) {
  const std::string text =
      std::string(kRobot) + kRest + Vary("friction", "range = [0.2, 1]\n") +
      Vary("mass", "shared = false\nrange = [0.5, 1.5]\n") +
      Vary("friction", "target = \"shank\"\nper = \"episode\"\nrange = [0.5, 2]\n");
  const auto fast = Make(text), plain = Make(text, "model_rewrite = \"off\"\n");
  EXPECT_GT(fast->model().npair, 0);
  EXPECT_EQ(plain->model().npair, 0);
  const Matrix tasks = SampleTasks(*fast, 1, Phase::kTrain, {.count = 5});
  for (int i = 0; i < 5; ++i) {
    Stage a(*fast), b(*plain);
    a.Reset(tasks.col(i), {.rollout = i});
    b.Reset(tasks.col(i), {.rollout = i});
    double slip = 0;
    for (int t = 0; t < 50; ++t) {
      a.Step(Eigen::Vector2d(std::sin(t), std::cos(t)));
      b.Step(Eigen::Vector2d(std::sin(t), std::cos(t)));
      for (int k = 0; k < 9; ++k) ASSERT_EQ(a.data().qpos[k], b.data().qpos[k]);
      slip += a.data().ncon;
    }
    EXPECT_GT(slip, 0);
  }
}

TEST_F(RobotTest, AChangedFileIsNoticed) {
  const std::string text = std::string(kRobot) + kRest;
  const std::string checksum = Read(text)->checksum;
  EXPECT_NO_THROW(Make(text, "checksum = \"" + checksum + "\"\n"));
  EXPECT_NO_THROW(Make(text + " # a word\n", "checksum = \"" + checksum + "\"\n"));
  std::string other = text;
  other.replace(other.find("scale = 0.3"), 11, "scale = 0.4");
  EXPECT_NO_THROW(Make(other, "checksum = \"any\"\n"));
  EXPECT_THROW(Make(other, "checksum = \"" + checksum + "\"\n"), UserError);
  std::string model = kModel;
  model.replace(model.find("<worldbody>"), 11, "<worldbody><camera name=\"eye\" pos=\"0 0 9\"/>");
  model.replace(model.find("<geom name=\"trunk\""), 5, "<geom rgba=\"1 0 0 1\"");
  Write("robot.xml", model);
  EXPECT_NO_THROW(Make(text, "checksum = \"" + checksum + "\"\n")) << "only looks differ";
  model.replace(model.find("mass=\"4\""), 8, "mass=\"5\"");
  Write("robot.xml", model);
  EXPECT_THROW(Make(text, "checksum = \"" + checksum + "\"\n"), UserError);
}

// ---- mistakes ----

TEST_F(RobotTest, MistakesAreToldWithTheirPlaceAndTheNearestName) {
  const std::string good = std::string(kRobot) + kRest;
  ASSERT_EQ(ErrorOf(good), "");
  const auto with = [&](const std::string& old, const std::string& replacement) {
    std::string text = good;
    text.replace(text.find(old), old.size(), replacement);
    return ErrorOf(text);
  };
  const auto more = [&](const std::string& section) { return ErrorOf(good + section); };
  EXPECT_EQ(more("[[reward]]\nterm = \"velocity\"\nbody = \"trunc\"\n"),
            "task.toml:25:1: body = \"trunc\": no body of that name in robot.xml; did you mean "
            "'trunk'?");
  EXPECT_EQ(more("[[observation]]\nterm = \"joint_velocities\"\njoints = \"hip, kne\"\n"),
            "task.toml:25:1: joints = \"hip, kne\": no joint 'kne' to choose in robot.xml; did you "
            "mean 'knee'?");
  EXPECT_EQ(more("[[observation]]\nterm = \"sensor\"\nsensor = \"knee_angel\"\n"),
            "task.toml:25:1: sensor = \"knee_angel\": no sensor of that name in robot.xml; did you "
            "mean 'knee_angle'?");
  EXPECT_EQ(more("[[reward]]\nterm = \"torqe\"\n").substr(0, 50),
            "task.toml:24:1: term = \"torqe\": must be one of act");
  EXPECT_TRUE(more("[[reward]]\nterm = \"torqe\"\n").ends_with("did you mean 'torque'?"));
  EXPECT_EQ(more("[[reward]]\nterm = \"torque\"\nwieght = 1\n"),
            "task.toml:25:1: unknown option wieght; did you mean 'weight'?");
  EXPECT_EQ(more("[[reward]]\nterm = \"torque\"\nbody = \"trunk\"\n"),
            "task.toml:25:1: body does not apply here; it is an option of height, "
            "keep_velocity, orientation, track_velocity, velocity");
  EXPECT_EQ(more("[[reward]]\nterm = \"velocity\"\n"),
            "task.toml:23:1: body must be set (not empty)");
  EXPECT_EQ(more("[[reward]]\nterm = \"alive\"\n"),
            "task.toml:23:1: another [[reward]] is called 'alive'; give this one a name");
  EXPECT_EQ(more("[[rewards]]\nterm = \"alive\"\n"),
            "task.toml:23:1: unknown section [rewards]; did you mean 'reward'?");
  EXPECT_EQ(more("[[command]]\nname = \"v\"\nrange = [1, 0]\n"),
            "task.toml:25:1: range = [1, 0]: the lowest value is above the highest");
  EXPECT_EQ(more("[[command]]\nname = \"v\"\nrange = [0, 1]\ntest_range = [2, 1]\n"),
            "task.toml:26:1: test_range = [2, 1]: the lowest value is above the highest");
  EXPECT_EQ(more("[[reward]]\nterm = \"track_velocity\"\ncommand = \"v\"\nbody = \"trunk\"\n"),
            "task.toml:25:1: command = \"v\": no [[command]] has the name 'v'");
  EXPECT_EQ(more("[[action]]\nactuators = \"hip\"\n"),
            "task.toml:24:1: actuators = \"hip\": 'hip' belongs to an earlier [[action]]");
  EXPECT_EQ(with("keyframe = \"bent\"", "keyframe = \"bend\""),
            "task.toml:3:1: keyframe = \"bend\": no keyframe of that name in robot.xml; did you "
            "mean 'bent'?");
  EXPECT_EQ(
      with("control_dt = 0.02", "control_dt = 0.012"),
      "task.toml:4:1: control_dt = 0.012: must be a multiple of the physics step, 0.005000 s");
  EXPECT_EQ(with("kind = \"position\"", "kind = \"position\"\nstiffness = 2"),
            "task.toml:16:1: stiffness = 2: actuator 'knee' is a servo, which has a stiffness of "
            "its own in the model");
  EXPECT_EQ(with("scale = 0.5\noffset = 0.1", "kind = \"position\""),
            "task.toml:10:1: kind = \"position\": actuator 'hip' is a motor, which needs a "
            "stiffness to hold a position");
  EXPECT_EQ(with("actuators = \"hip\"", "actuators = \"ankle\""),
            "task.toml:9:1: actuators = \"ankle\": no actuator 'ankle' to choose in robot.xml; "
            "known: hip, knee");
  EXPECT_EQ(with("velocity_noise = 0.2", "display = \"point\""),
            "task.toml:6:1: display = \"point\": shows what a [[reward]] or [[success]] of term "
            "\"distance\" brings to its target; there is none");
  EXPECT_EQ(
      with("velocity_noise = 0.2", "display = \"velocity_x\""),
      "task.toml:6:1: display = \"velocity_x\": shows the first [[command]] of a task; there is "
      "none");
  EXPECT_EQ(more(Vary("mass", "target = \"thigh\"\noperation = \"add\"\nrange = [-1, 0]\n")),
            "task.toml:27:1: range = [-1, 0]: would make the mass of 'thigh' -0.500000, which must "
            "be above 0");
  EXPECT_EQ(more(Vary("stiffness", "target = \"knee\"\nrange = [1, 2]\n")),
            "task.toml:23:1: operation: the stiffness of 'knee' is 0, which no factor changes; add "
            "or set it");
  EXPECT_EQ(
      more(Vary("mass", "target = \"thigh\"\ndistribution = \"log_uniform\"\nrange = [0, 2]\n")),
      "task.toml:27:1: range = [0, 2]: must be above 0: the distribution is log_uniform");
  EXPECT_EQ(ErrorOf(kRobot), "task.toml: has no section [action]");
  EXPECT_EQ(ErrorOf("[robot\n").substr(0, 15), "task.toml:1:7: ");
}

TEST_F(RobotTest, ModelsThatDoNotLoadAreToldInMujocosWords) {
  const std::string good = std::string(kRobot) + kRest;
  const auto error_with = [&](const std::string& old, const std::string& replacement) {
    std::string model = kModel;
    model.replace(model.find(old), old.size(), replacement);
    Write("robot.xml", model);
    return ErrorOf(good);
  };
  EXPECT_EQ(error_with("<body name=\"thigh\"", "<bodi name=\"thigh\"").substr(0, 58),
            "task.toml:2:1: model = \"robot.xml\": robot.xml: XML parse e");
  EXPECT_NE(error_with("joint=\"knee\" kp", "joint=\"ankle\" kp").find("ankle"), std::string::npos);
  const std::string missing = error_with(
      "<worldbody>", "<asset><mesh name=\"m\" file=\"nowhere.stl\"/></asset><worldbody>");
  EXPECT_TRUE(missing.starts_with("task.toml:2:1: model = ")) << missing;
  EXPECT_NE(missing.find("nowhere.stl"), std::string::npos) << missing;
  fs::remove(folder_ / "robot.xml");
  EXPECT_NE(ErrorOf(good).find("robot.xml"), std::string::npos);
  // A physics step that is far too long for the servo.
  EXPECT_EQ(
      error_with("kp=\"20\"", "kp=\"1e14\""),
      "task.toml:3:1: keyframe = \"bent\": physics diverges from this start within one control "
      "step");
}

TEST_F(RobotTest, AModelElsewhereFindsItsMeshes) {
  fs::create_directories(folder_ / "dog/meshes");
  std::string model = kModel;
  model.replace(model.find("<worldbody>"), 11,
                "<compiler meshdir=\"meshes\"/><asset><mesh name=\"m\" file=\"m.obj\"/></asset>"
                "<worldbody>");
  model.replace(model.find("<site name=\"nose\""), 0,
                "<geom type=\"mesh\" mesh=\"m\" mass=\".1\"/>");
  Write("dog/robot.xml", model);
  Write("dog/meshes/m.obj",
        "v 0 0 0\nv .1 0 0\nv 0 .1 0\nv 0 0 .1\nf 1 3 2\nf 1 2 4\nf 2 3 4\nf 1 4 3\n");
  std::string text = std::string(kRobot) + kRest;
  text.replace(text.find("robot.xml"), 9, "dog/robot.xml");
  const auto task = Read(text);
  EXPECT_EQ(task->robot.model->nmesh, 1);
  const std::string checksum = task->checksum;
  fs::copy(folder_, folder_.string() + "-moved", fs::copy_options::recursive);
  EXPECT_EQ(ReadRobotTask(folder_.string() + "-moved/task.toml")->checksum, checksum);
  fs::remove_all(folder_.string() + "-moved");
}

}  // namespace
}  // namespace anole
