// What an action does by each of MuJoCo's types of actuators, shown by the motion, and which of
// them are refused.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "envs/stage.h"
#include "tests/envs/robot_folder.h"

namespace anole {
namespace {

constexpr double kHome = 0.3, kScale = 0.4, kAction = 0.5, kTarget = kHome + kScale * kAction;

// An arm without weight about one hinge, and beside it what some actuators need: a ball joint, a
// slider with its crank, two tendons.
std::string Arm(const std::string& actuators) {
  return R"(<mujoco>
  <compiler angle="radian" autolimits="true"/>
  <option timestep="0.002" gravity="0 0 0" integrator="implicitfast"/>
  <default><geom contype="0" conaffinity="0"/></default>
  <worldbody>
    <site name="base"/>
    <body name="arm">
      <joint name="j" axis="0 0 1" damping="1" armature="0.05"/>
      <geom type="capsule" fromto="0 0 0 .3 0 0" size=".02" mass=".5"/>
      <site name="tip" pos=".3 0 0"/>
      <body name="finger" pos=".3 0 0">
        <joint name="other" type="slide" axis="1 0 0" damping="1" armature="0.05"/>
        <geom type="sphere" size=".02" mass=".1"/>
      </body>
    </body>
    <body name="head" pos="0 0 1">
      <joint name="ball" type="ball" damping="1" armature="0.05"/>
      <geom type="box" size=".1 .1 .1" mass="1"/>
      <site name="crown"/>
    </body>
    <body name="slider" pos="0 1 0">
      <joint name="rail" type="slide" axis="1 0 0"/>
      <geom type="sphere" size=".05" mass="1"/>
      <site name="slider" euler="0 1.5708 0"/>
      <site name="crank" pos=".1 0 0"/>
    </body>
  </worldbody>
  <tendon>
    <fixed name="single"><joint joint="j" coef="3"/></fixed>
    <fixed name="both"><joint joint="j" coef="1"/><joint joint="other" coef="1"/></fixed>
  </tendon>
  <actuator>)" +
         actuators + R"(</actuator>
  <keyframe><key name="home" qpos="0.3 0 1 0 0 0 0"/></keyframe>
</mujoco>)";
}

std::string ArmTask(const std::string& action) {
  return R"([robot]
model = "robot.xml"
keyframe = "home"
control_dt = 0.02
[[action]]
)" + action +
         R"(
[[observation]]
term = "joint_positions"
[[reward]]
term = "alive"
)";
}

const std::string kServo = "kind = \"position\"\nscale = 0.4\n";
const std::string kMotor = kServo + "stiffness = 20\ndamping = 2\n";

using RobotActionsTest = RobotFolderTest;

TEST_F(RobotActionsTest, APositionIsReachedByEveryActuatorThatCan) {
  const std::vector<std::pair<std::string, std::string>> actuators = {
      {R"(<position joint="j" kp="20"/>)", kServo},
      {R"(<position joint="j" kp="20" gear="2"/>)", kServo},
      {R"(<position joint="j" kp="20" gear="-3"/>)", kServo},
      {R"(<position jointinparent="j" kp="20" gear="0.5"/>)", kServo},
      {R"(<position joint="j" kp="20" timeconst="0.05"/>)", kServo},
      {R"(<position joint="j" kp="20" delay="0.004" nsample="4"/>)", kServo},
      {R"(<position tendon="single" kp="20"/>)", kServo},
      {R"(<position tendon="single" kp="20" gear="2"/>)", kServo},
      {R"(<position site="tip" refsite="base" kp="20" gear="0 0 0 0 0 2"/>)", kServo},
      {R"(<general joint="j" gainprm="50" biastype="affine" biasprm="0 -20 -1"/>)", kServo},
      {R"(<general joint="j" gainprm="-10" biastype="affine" biasprm="0 -10 -1"/>)", kServo},
      {R"(<general joint="j" gear="0.5" gainprm="30" biastype="affine" biasprm="2 -30 -1"/>)",
       kServo},
      {R"(<general joint="j" gaintype="affine" gainprm="20" biastype="affine"
           biasprm="0 -20 -1"/>)",
       kServo},
      {R"(<pid joint="j" kp="20" kv="1"/>)", kServo},
      {R"(<pid joint="j" kp="20" kv="1" gear="2" input="pos"/>)", kServo},
      {R"(<pid joint="j" kp="20" kv="1" ki="40" input="pos vel ff"/>)", kServo},
      {R"(<pid joint="j" kp="20" kv="1" slewmax="2" input="pos ff"/>)", kServo},
      {R"(<dcmotor joint="j" gear="2" motorconst="0.5" resistance="1" input="pos vel"
           controller="20 0 2"/>)",
       kServo},
      {R"(<motor joint="j"/>)", kMotor},
      {R"(<motor joint="j" gear="5"/>)", kMotor},
      {R"(<motor joint="j" gear="-5"/>)", kMotor},
      {R"(<motor jointinparent="j" gear="0.1"/>)", kMotor},
      {R"(<motor tendon="single" gear="2"/>)", kMotor},
      {R"(<general joint="j" gainprm="50"/>)", kMotor},
      {R"(<general joint="j" gainprm="-0.5" gear="4"/>)", kMotor},
      {R"(<general joint="j" gainprm="7" biastype="affine" biasprm="3"/>)", kMotor},
  };
  for (const auto& [actuator, action] : actuators) {
    Write("robot.xml", Arm(actuator));
    const auto family = Make(ArmTask(action));
    ASSERT_EQ(family->spec().action_dim, 1) << actuator;
    Stage stage(*family);
    stage.Reset(Vector(), {});
    EXPECT_EQ(stage.data().qpos[0], kHome);
    for (int t = 0; t < 250; ++t) stage.Step(Vector::Constant(1, kAction));
    EXPECT_NEAR(stage.data().qpos[0], kTarget, 2e-4) << actuator;
    EXPECT_LT(std::abs(stage.data().qvel[0]), 1e-3) << actuator;
  }
}

// A stiffness is about the joint, whatever gain and gear are between.
TEST_F(RobotActionsTest, AMotorsStiffnessIsThatOfItsJoint) {
  for (const char* actuator :
       {R"(<motor joint="j"/>)", R"(<motor joint="j" gear="5"/>)",
        R"(<general joint="j" gainprm="50"/>)", R"(<motor tendon="single" gear="-2"/>)",
        R"(<general joint="j" gainprm="7" gear="2" biastype="affine" biasprm="3"/>)"}) {
    Write("robot.xml", Arm(actuator));
    const auto task = Read(ArmTask(kMotor));
    const mjModel& model = *task->robot.model;
    const DataPtr data = MakeData(model);
    data->qpos[0] = 0.45;
    data->qvel[0] = -0.7;
    task->actions[0].made->Apply(model, Vector::Constant(1, kAction), *data);
    mj_forward(&model, data.get());
    EXPECT_NEAR(data->qfrc_actuator[0], 20 * (kTarget - 0.45) + 2 * 0.7, 1e-9) << actuator;
  }
}

TEST_F(RobotActionsTest, ATendonOfSeveralJointsIsCommandedByItsLength) {
  Write("robot.xml", Arm(R"(<general name="grip" tendon="both" gainprm="0.1" biastype="affine"
                             biasprm="0 -100 -10"/>)"));
  const auto family = Make(ArmTask(kServo));
  Stage stage(*family);
  stage.Reset(Vector(), {});
  for (int t = 0; t < 500; ++t) stage.Step(Vector::Constant(1, kAction));
  EXPECT_NEAR(stage.data().ten_length[1], kTarget, 2e-4);
}

TEST_F(RobotActionsTest, WhatHoldsNoPlaceIsRefusedByNameWithTheReason) {
  struct Case {
    std::string actuator, action, says;
  };
  const std::vector<Case> cases = {
      {R"(<velocity name="a" joint="j" kv="2"/>)", kServo, "'a' is a velocity servo"},
      {R"(<velocity name="a" joint="j" kv="2"/>)", kMotor, "'a' is a velocity servo"},
      {R"(<intvelocity name="a" joint="j" kp="2"/>)", kServo, "'a' integrates its control"},
      {R"(<damper name="a" joint="j" kv="2" ctrlrange="0 1"/>)", kMotor, "'a' is a damper"},
      {R"(<cylinder name="a" joint="j" timeconst="0.1" area="2"/>)", kMotor,
       "'a' builds its force up over time"},
      {R"(<muscle name="a" joint="j" lengthrange="-1 1" ctrlrange="0 1"/>)", kServo,
       "'a' is a muscle"},
      {R"(<adhesion name="a" body="arm" ctrlrange="0 1"/>)", kMotor, "'a' is an adhesion"},
      {R"(<dcmotor name="a" joint="j" motorconst="0.5" resistance="1"/>)", kMotor,
       "'a' is a DC motor without a position"},
      {R"(<dcmotor name="a" joint="j" motorconst="0.5" resistance="1" input="pos"
           controller="20 0 2" cogging="0.1 6 0"/>)",
       kServo, "'a' is a DC motor whose cogging"},
      {R"(<pid name="a" joint="j" kv="2" input="vel"/>)", kServo,
       "'a' is a PID controller without"},
      {R"(<orientation name="a" joint="ball" kp="2"/>)", kServo, "'a' commands an orientation"},
      {R"(<position name="a" joint="ball" kp="2" gear="1 0 0"/>)", kServo,
       "'a' moves no hinge or slide"},
      {R"(<motor name="a" site="tip" gear="1 0 0 0 0 0"/>)", kMotor, "'a' pushes a site that has"},
      {R"(<motor name="a" site="tip" refsite="base" gear="0 1 0 0 0 0"/>)", kMotor,
       "'a' is a motor that moves no single hinge"},
      {R"(<motor name="a" tendon="both"/>)", kMotor, "'a' is a motor that moves no single hinge"},
      {R"(<position name="a" cranksite="crank" slidersite="slider" cranklength="0.5" kp="2"/>)",
       kServo, "'a' moves a slider by a crank"},
      {R"(<general name="a" joint="j" gainprm="20" biastype="affine" biasprm="0 20 -1"/>)", kServo,
       "'a' pushes away from where it is"},
      {R"(<general name="a" joint="j" gainprm="0" biastype="affine" biasprm="0 -20 -1"/>)", kServo,
       "'a' has a gain of 0"},
      {R"(<position name="a" joint="j" kp="20" gear="0"/>)", kServo, "'a' has a gear of 0"},
  };
  for (const Case& test : cases) {
    Write("robot.xml", Arm(test.actuator));
    const std::string message = ErrorOf(ArmTask(test.action));
    EXPECT_TRUE(message.starts_with("task.toml:6:1: kind = \"position\": actuator " + test.says))
        << test.actuator << message;
    EXPECT_TRUE(message.ends_with("; kind = \"control\" sets its control itself")) << message;
  }
  Write("robot.xml", Arm(R"(<motor name="a" joint="j"/>)"));
  EXPECT_EQ(ErrorOf(ArmTask(kServo)),
            "task.toml:6:1: kind = \"position\": actuator 'a' is a motor, which needs a stiffness "
            "to hold a position");
  Write("robot.xml", Arm(R"(<position name="a" joint="j" kp="20"/>)"));
  EXPECT_EQ(ErrorOf(ArmTask(kMotor)),
            "task.toml:8:1: stiffness = 20: actuator 'a' is a servo, which has a stiffness of its "
            "own in the model");
}

// Each number of the action reaches its own control, wherever in data.ctrl that is.
TEST_F(RobotActionsTest, SeveralControlsOfOneActuatorAreNumbersOfTheirOwn) {
  Write("robot.xml", Arm(R"(<pid name="wrist" joint="j" kp="20" kv="1" input="pos vel ff"/>
    <motor name="push" joint="other" ctrlrange="-1 1"/>
    <orientation name="head" joint="ball" kp="20" kv="1"/>
    <motor name="pull" joint="rail"/>)"));
  const auto task = Read(ArmTask("scale = 2\noffset = 0.25"));
  ASSERT_EQ(task->action_dim(), 8);
  std::string names;
  for (const ActionPart& part : task->actions[0].made->Interface()) names += part.actuator + " ";
  EXPECT_EQ(names, "wrist.pos wrist.vel wrist.ff push head.rx head.ry head.rz pull ");
  const DataPtr data = MakeData(*task->robot.model);
  const Vector action = Vector::LinSpaced(8, -0.3, 0.4);
  task->actions[0].made->Apply(*task->robot.model, action, *data);
  for (int i = 0; i < 8; ++i) EXPECT_NEAR(data->ctrl[i], 0.25 + 2 * action[i], 1e-12) << i;
  const Vector loud = Vector::Constant(8, 1);
  task->actions[0].made->Apply(*task->robot.model, loud, *data);
  EXPECT_EQ(data->ctrl[3], 1) << "only the motor has a ctrlrange";
  EXPECT_EQ(data->ctrl[2], 2.25);

  const auto one = Read(ArmTask("actuators = \"push, pull\""));
  mj_resetData(one->robot.model.get(), data.get());
  one->actions[0].made->Apply(*one->robot.model, Eigen::Vector2d(0.5, -0.5), *data);
  EXPECT_EQ(data->ctrl[3], 0.5);
  EXPECT_EQ(data->ctrl[7], -0.5);
  EXPECT_EQ(data->ctrl[0], 0);
  EXPECT_EQ(data->ctrl[1], 0);
}

// With a neighbour of several controls, a position goes to its own actuator.
TEST_F(RobotActionsTest, APositionIsNotThatOfANeighboursInput) {
  Write("robot.xml", Arm(R"(<orientation joint="ball" kp="2"/>
    <position name="a" joint="j" kp="20" kv="1"/>)"));
  const auto family = Make(ArmTask("actuators = \"a\"\n" + kServo));
  Stage stage(*family);
  stage.Reset(Vector(), {});
  for (int t = 0; t < 250; ++t) stage.Step(Vector::Constant(1, kAction));
  EXPECT_NEAR(stage.data().qpos[0], kTarget, 2e-4);
  EXPECT_EQ(stage.data().qpos[2], 1) << "the head stays where it is";
}

TEST_F(RobotActionsTest, WhatTakesNoFreeControlIsRefused) {
  const std::string control = ArmTask("actuators = \"*\"");
  Write("robot.xml", Arm(R"(<orientation name="head" joint="ball" kp="2" input="quat"/>)"));
  EXPECT_EQ(ErrorOf(control).substr(0, 65),
            "task.toml:6:1: actuators = \"*\": 'head' takes a quaternion, whose ");
  Write("robot.xml", Arm(""));
  EXPECT_EQ(ErrorOf(control),
            "task.toml:6:1: actuators = \"*\": robot.xml has no actuators, so that no action would "
            "do anything; add an <actuator> section to the model");
  Write("robot.xml", Arm(R"(<motor name="off" joint="j" group="2"/>)"));
  EXPECT_EQ(ErrorOf(control), "");
  std::string off = Arm(R"(<motor name="off" joint="j" group="2"/>)");
  off.replace(off.find("<option "), 8, "<option actuatorgroupdisable=\"2\" ");
  Write("robot.xml", off);
  EXPECT_EQ(ErrorOf(control),
            "task.toml:6:1: actuators = \"*\": all of them are switched off in the model (<option "
            "actuatorgroupdisable>)");
}

TEST_F(RobotActionsTest, AMiddleIsTheOffsetTheStartOrTheRange) {
  Write("robot.xml", Arm(R"(<motor name="a" joint="j" ctrlrange="-1 3"/>
    <position name="b" joint="other" kp="20"/>)"));
  const auto control = [&](const std::string& more, double action) {
    const auto task = Read(ArmTask(more));
    const DataPtr data = MakeData(*task->robot.model);
    task->robot.start.Begin(*task->robot.model, *data);
    task->actions[0].made->Apply(*task->robot.model, Vector::Constant(1, action), *data);
    return data->ctrl[0];
  };
  EXPECT_EQ(control("actuators = \"a\"\nmiddle = \"range\"\nscale = 0.5", 0.5), 1.5);
  EXPECT_EQ(control("actuators = \"a\"\nmiddle = \"range\"", -1), -1);
  const std::string start = "\n[[start]]\nactuators = \"a\"\nvalue = 2\n";
  EXPECT_EQ(control("actuators = \"a\"\nmiddle = \"start\"\nscale = 0.5" + start, -1), 1.5);
  EXPECT_NE(ErrorOf(ArmTask("actuators = \"b\"\nmiddle = \"range\"")).find("has no ctrlrange"),
            std::string::npos);
}

TEST_F(RobotActionsTest, OneNumberCommandsSeveralControls) {
  Write("robot.xml", Arm(R"(<motor name="left" joint="j" ctrlrange="-1 1"/>
    <motor name="right" joint="other" ctrlrange="-1 1"/>)"));
  const auto task = Read(ArmTask("scale = 0.5\ngains = [1, -3]"));
  ASSERT_EQ(task->action_dim(), 1);
  const DataPtr data = MakeData(*task->robot.model);
  task->actions[0].made->Apply(*task->robot.model, Vector::Constant(1, 0.4), *data);
  EXPECT_DOUBLE_EQ(data->ctrl[0], 0.2);
  EXPECT_DOUBLE_EQ(data->ctrl[1], -0.6);
  const std::vector<ActionPart> parts = task->actions[0].made->Interface();
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].actuator, "left, right (-3 times as far)");
  EXPECT_NE(ErrorOf(ArmTask("gains = [0, 1]")).find("must not be 0"), std::string::npos);
  EXPECT_NE(ErrorOf(ArmTask("gains = [1, 2, 3]")).find("must be 2 numbers, one for each control"),
            std::string::npos);
}

// Steps are taken once in a control step, whatever the number of its physics steps.
TEST_F(RobotActionsTest, StepsGoOnFromWhereThingsAre) {
  Write("robot.xml", Arm(R"(<motor name="a" joint="j" ctrlrange="-1 1"/>
    <position name="b" joint="other" kp="20"/>)"));
  const auto task =
      Read(ArmTask("actuators = \"a\"\nkind = \"control_step\"\nscale = 0.4\n"
                   "[[action]]\nactuators = \"b\"\nkind = \"position_step\"\n"
                   "scale = 0.1"));
  const mjModel& model = *task->robot.model;
  const DataPtr data = MakeData(model);
  const Vector one = Vector::Constant(1, 1);
  for (const double wanted : {0.4, 0.8, 1.0}) {
    task->actions[0].made->Begin(model, one, *data);
    for (int i = 0; i < 3; ++i) task->actions[0].made->Apply(model, one, *data);
    EXPECT_DOUBLE_EQ(data->ctrl[0], wanted);
  }
  const int other = model.jnt_qposadr[mj_name2id(&model, mjOBJ_JOINT, "other")];
  data->qpos[other] = 0.25;
  task->actions[1].made->Begin(model, -one, *data);
  EXPECT_DOUBLE_EQ(data->ctrl[1], 0.15);
  data->qpos[other] = 0.5;  // within the control step the target stays
  task->actions[1].made->Apply(model, -one, *data);
  EXPECT_DOUBLE_EQ(data->ctrl[1], 0.15);
}

// A hand that a weld drags after a mocap body.
TEST_F(RobotActionsTest, AMocapBodyMovesInStepsWithinItsBox) {
  Write("robot.xml", R"(<mujoco>
  <option timestep="0.002" gravity="0 0 0"/>
  <worldbody>
    <body name="guide" mocap="true" pos="0 0 1"/>
    <body name="hand" pos="0 0 1"><freejoint/><geom size=".05" mass=".5"/></body>
  </worldbody>
  <equality><weld body1="guide" body2="hand" solref=".02 1"/></equality>
</mujoco>)");
  const std::string task = R"([robot]
model = "robot.xml"
control_dt = 0.1
horizon = 100
[[action]]
kind = "mocap_step"
body = "guide"
axes = "xz"
scale = 0.05
lowest = [-1, 0.9]
highest = [0.12, 5]
[[observation]]
term = "body_position"
body = "hand"
[[reward]]
term = "action"
)";
  const auto family = Make(task);
  ASSERT_EQ(family->spec().action_dim, 2);
  EXPECT_EQ(family->spec().actions[1].actuator, "guide.z");
  Stage stage(*family);
  stage.Reset(Vector(), {});
  for (int t = 1; t <= 4; ++t) {
    stage.Step(Eigen::Vector2d(1, -1));
    EXPECT_NEAR(stage.data().mocap_pos[0], std::min(0.05 * t, 0.12), 1e-12);
    EXPECT_NEAR(stage.data().mocap_pos[2], std::max(1 - 0.05 * t, 0.9), 1e-12);
  }
  for (int t = 0; t < 20; ++t) stage.Step(Vector::Zero(2));
  EXPECT_NEAR(stage.Observe()[0], 0.12, 1e-2) << "the weld has dragged the hand there";
  EXPECT_NEAR(stage.Observe()[2], 0.9, 1e-2);

  const auto follower = Make(task + "[[start]]\nbody = \"hand\"\nposition = [0.05, 0, 1]\n");
  std::string followed = task;
  followed.replace(followed.find("axes"), 0, "follow = \"hand\"\n");
  const auto following = Make(followed + "[[start]]\nbody = \"hand\"\nposition = [0.05, 0, 1]\n");
  Stage from_guide(*follower), from_hand(*following);
  from_guide.Reset(Vector(), {});
  from_hand.Reset(Vector(), {});
  from_guide.Step(Eigen::Vector2d(1, 0));
  from_hand.Step(Eigen::Vector2d(1, 0));
  EXPECT_NEAR(from_guide.data().mocap_pos[0], 0.05, 1e-12);
  EXPECT_NEAR(from_hand.data().mocap_pos[0], 0.1, 1e-12);

  std::string wrong = task;
  wrong.replace(wrong.find("\"guide\""), 7, "\"hand\"");
  EXPECT_EQ(ErrorOf(wrong), "task.toml:7:1: body = \"hand\": is no mocap body of robot.xml");
  EXPECT_NE(ErrorOf(task + "[[action]]\nkind = \"mocap_step\"\nbody = \"guide\"\n")
                .find("belongs to an earlier [[action]]"),
            std::string::npos);
}

// What follows from a moved mocap body is brought up to date in part only, where that is enough.
TEST_F(RobotActionsTest, AMovedMocapBodyMovesTheRobotAsBareStepsDo) {
  struct Variant {
    std::string guide, more;  // what the mocap body carries, what else the model has
  };
  const std::vector<Variant> variants = {
      {"", ""},
      {"<geom size='.1' contype='0' conaffinity='0'/>", ""},
      {"<geom size='.1' pos='.2 0 0'/>", ""},
      {"<site name='rail' euler='0 90 0'/>",
       "<actuator><general slidersite='rail' cranksite='pin' cranklength='.4' biastype='affine' "
       "biasprm='3 0 0'/></actuator>"},
      {"<site name='rail'/>", "<sensor><torque site='rail'/></sensor>"}};
  for (const auto& [guide, more] : variants) {
    SCOPED_TRACE(guide + more);
    Write("robot.xml", R"(<mujoco>
  <option timestep="0.002"/>
  <worldbody>
    <geom type="plane" size="2 2 .1"/>
    <body name="guide" mocap="true" pos="0 0 .12">)" +
                           guide + R"(</body>
    <body name="arm" pos="0 0 .12"><joint axis="0 1 0"/><geom type="capsule" fromto="0 0 0 .2 0 0" size=".03"/>
      <body name="hand" pos=".2 0 0"><joint type="ball"/><geom type="box" size=".06 .05 .04"/>
        <site name="pin"/></body>
    </body>
    <body name="free" pos=".35 0 .3"><freejoint/><geom type="box" size=".1 .1 .1" mass=".3"/></body>
  </worldbody>
  <equality><weld body1="guide" body2="hand"/></equality>)" +
                           more + "</mujoco>");
    const auto family = Make(R"([robot]
model = "robot.xml"
control_dt = 0.01
horizon = 100
[[action]]
kind = "mocap_step"
body = "guide"
scale = 0.02
[[observation]]
term = "body_position"
body = "hand"
[[reward]]
term = "action"
)");
    Stage stage(*family);
    stage.Reset(Vector(), {});
    const mjModel& model = stage.model();
    const DataPtr bare = MakeData(model);
    mj_copyData(bare.get(), &model, &stage.data());
    Rng rng = Address().Open(Purpose::kAction);
    for (int t = 0; t < 60; ++t) {
      Vector action(3);
      for (double& number : action) number = rng.Uniform(-1, 1);
      stage.Step(action);
      for (int i = 0; i < 3; ++i) bare->mocap_pos[i] += 0.02 * action[i];
      for (int i = 0; i < 5; ++i) mj_step(&model, bare.get());
      ASSERT_EQ(Eigen::Map<Vector>(bare->qpos, model.nq),
                Eigen::Map<const Vector>(stage.data().qpos, model.nq))
          << "step " << t;
      ASSERT_EQ(Eigen::Map<Vector>(bare->qvel, model.nv),
                Eigen::Map<const Vector>(stage.data().qvel, model.nv));
    }
    EXPECT_GT(bare->ncon, 0);
  }
}

}  // namespace
}  // namespace anole
