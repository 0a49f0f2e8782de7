// What [[randomize]] changes in models of others: explicit pairs, all types of actuators, elements
// without a name or without what is to be changed.
#include <cmath>
#include <utility>

#include "envs/stage.h"
#include "tests/envs/robot_folder.h"

namespace anole {
namespace {

// A box that slides on a floor at first, and a flywheel that the actions turn. PAIR: the contacts.
std::string Slider(const std::string& pair, const std::string& geom = "") {
  return R"(<mujoco>
  <option timestep="0.002"/>
  <worldbody>
    <geom name="floor" type="plane" size="9 9 .1" )" +
         geom + R"(/>
    <body name="frame" pos="0 0 3"><site name="mark"/></body>
    <body name="box" pos="0 0 .05">
      <freejoint/>
      <geom type="box" size=".2 .2 .05" mass="1" )" +
         geom + R"(/>
      <geom name="shell" size=".02" mass=".01" pos="0 0 .05" contype="0" conaffinity="0"/>
    </body>
    <body name="wheel" pos="0 5 2">
      <joint name="wheel" armature=".1"/>
      <geom name="wheel" type="sphere" size=".1" mass="1"/>
    </body>
  </worldbody>
  <actuator><motor name="wheel" joint="wheel"/></actuator>
  <contact>)" +
         pair + R"(</contact>
  <keyframe><key name="shot" qpos="0 0 .05 1 0 0 0 0" qvel="2 0 0 0 0 0 0"/></keyframe>
</mujoco>)";
}

const std::string kUntouched = R"(contype="0" conaffinity="0")";
// The box's geom has no name.
std::string Named(const std::string& model) {
  std::string named = model;
  named.replace(named.find("<geom type=\"box\""), 5, "<geom name=\"block\"");
  return named;
}

std::string RandomizedTask(const std::string& randomize) {
  return R"([robot]
model = "robot.xml"
keyframe = "shot"
control_dt = 0.02
[[action]]
[[observation]]
term = "joint_positions"
[[reward]]
term = "alive"
[[randomize]]
)" + randomize;
}

class RobotRandomizationTest : public RobotFolderTest {
 protected:
  // How far the box slides within a second [m].
  double Slide(const std::string& randomize, const std::string& more = "") const {
    const auto family = Make(RandomizedTask(randomize), more);
    const Vector task = SampleTasks(*family, 1, Phase::kTrain, {.count = 1}).col(0);
    Stage stage(*family);
    stage.Reset(task, {});
    for (int t = 0; t < 50; ++t) stage.Step(Vector::Zero(1));
    return stage.data().qpos[0];
  }
};

std::string Friction(const std::string& target, const std::string& operation,
                     const std::string& range) {
  return "field = \"friction\"\ntarget = \"" + target + "\"\noperation = \"" + operation +
         "\"\nrange = [" + range + "]\n";
}

TEST_F(RobotRandomizationTest, MassAndInertiaAreAlsoApart) {
  Write("robot.xml", Named(Slider("")));
  const auto varied = [&](const std::string& field) {
    const auto family =
        Make(RandomizedTask("field = \"" + field + "\"\ntarget = \"box\"\nrange = [2, 2.001]\n"));
    Stage stage(*family);
    stage.Reset(Vector::Constant(1, 2), {});
    const mjModel& model = stage.model();
    const int box = mj_name2id(&model, mjOBJ_BODY, "box");
    const mjModel& own = family->model();
    return std::pair(model.body_mass[box] / own.body_mass[box],
                     model.body_inertia[3 * box + 1] / own.body_inertia[3 * box + 1]);
  };
  EXPECT_EQ(varied("mass"), std::pair(2.0, 2.0));
  EXPECT_EQ(varied("mass_alone"), std::pair(2.0, 1.0));
  EXPECT_EQ(varied("inertia"), std::pair(1.0, 2.0));
}

TEST_F(RobotRandomizationTest, SeveralOfOneNumberAreTriedTogetherInEachPhase) {
  Write("robot.xml", Named(Slider("")));
  const std::string part =
      "field = \"mass\"\ntarget = \"box\"\noperation = \"add\"\nrange = [-0.6, 0]\n";
  for (const std::string test : {"", "test_range = [-0.1, 0]\n"}) {
    EXPECT_NE(ErrorOf(RandomizedTask(part + test + "[[randomize]]\n" + part + test))
                  .find("with other [[randomize]] of it would make the mass of 'box' -0.19"),
              std::string::npos)
        << test;
  }
}

TEST_F(RobotRandomizationTest, FrictionActsOnTheModelsOwnPairs) {
  const std::string pair = R"(<pair geom1="floor" geom2="block" friction="0.8 0.8 .005 .0001 .0001"
                                    condim="3"/>)";
  for (const bool masks : {true, false}) {  // whether geoms would touch without the pair
    Write("robot.xml", Named(Slider(pair, masks ? "" : kUntouched)));
    for (const char* target : {"*", "floor", "block", "body:box", "body:b*, floor"}) {
      const double slippery = Slide(Friction(target, "set", "0.001, 0.001"));
      const double rough = Slide(Friction(target, "set", "1.0, 1.0"));
      EXPECT_NEAR(slippery, 2, 0.05) << target;
      EXPECT_NEAR(rough, 4 / (2 * 9.81 * 1), 0.02) << target;
      EXPECT_NEAR(Slide(Friction(target, "scale", "0.5, 0.5")), 4 / (2 * 9.81 * 0.4), 0.03);
      EXPECT_NEAR(Slide(Friction(target, "add", "-0.4, -0.4")), 4 / (2 * 9.81 * 0.4), 0.03);
    }
    for (const char* change : {"set", "scale"}) {
      const std::string text = Friction("*", change, "0.3, 0.7") + "shared = false\n";
      EXPECT_EQ(Slide(text), Slide(text, "model_rewrite = \"off\"\n"))
          << "either model moves alike";
      EXPECT_EQ(Slide(text + "per = \"episode\"\n"),
                Slide(text + "per = \"episode\"\n", "model_rewrite = \"off\"\n"));
    }
  }
}

TEST_F(RobotRandomizationTest, APairOfTwoValuesIsMixedAsMujocoDoes) {
  const std::string pair = R"(<pair geom1="floor" geom2="block" friction="1 1 1 1 1"/>)";
  const auto friction = [&](const char* floor_priority) {
    std::string model = Named(Slider(pair, kUntouched));
    model.insert(model.find("<geom name=\"floor\"") + 6,
                 std::string("priority=\"") + floor_priority + "\" ");
    Write("robot.xml", model);
    const auto family =
        Make(RandomizedTask(Friction("floor, block", "scale", "0, 9") + "shared = false\n"));
    TaskModel task_model(*family);
    const DataPtr data = MakeData(family->model());
    const mjModel& changed = task_model.Prepare(Eigen::Vector2d(0.25, 0.75), {}, *data);
    EXPECT_EQ(changed.npair, 1);
    EXPECT_EQ(changed.pair_friction[2], 1) << "only sliding";
    EXPECT_EQ(changed.pair_friction[0], changed.pair_friction[1]);
    return changed.pair_friction[0];
  };
  EXPECT_EQ(friction("0"), 0.75) << "the larger";
  EXPECT_EQ(friction("1"), 0.25) << "that of the geom with priority";
}

TEST_F(RobotRandomizationTest, PatternsSkipWhatHasNoneAndNamesAreRefused) {
  Write("robot.xml", Slider(""));
  const auto task = Read(RandomizedTask("field = \"mass\"\nrange = [0.5, 2]"));
  const Randomization& mass = task->randomizations[0];
  EXPECT_EQ(mass.elements(), (std::vector<std::string>{"box", "wheel"}));
  ASSERT_EQ(mass.skipped().size(), 1U);
  EXPECT_EQ(mass.skipped()[0].name + ": " + mass.skipped()[0].reason, "frame: mass 0");
  EXPECT_EQ(
      ErrorOf(RandomizedTask("field = \"mass\"\ntarget = \"frame, wheel\"\nrange = [0.5, 2]")),
      "task.toml:10:1: operation: the mass of 'frame' is 0, which no factor changes; add or "
      "set it");
  EXPECT_EQ(ErrorOf(RandomizedTask("field = \"mass\"\ntarget = \"fr*\"\nrange = [0.5, 2]")),
            "task.toml:10:1: operation: the mass of 'frame' is 0, which no factor changes; add or "
            "set it");
  EXPECT_EQ(ErrorOf(RandomizedTask("field = \"stiffness\"\nrange = [0.5, 2]")),
            "task.toml:10:1: operation: the stiffness of 'wheel' is 0, which no factor changes; "
            "add or set it");

  // Geoms that nothing can touch are told alike whether they are simulated or left out.
  const std::string left_out = ErrorOf(RandomizedTask(Friction("shell", "scale", "0.5, 2")));
  std::string seeing = Slider("");
  seeing.replace(seeing.find("</worldbody>"), 12,
                 "</worldbody><sensor><rangefinder site=\"mark\"/></sensor>");
  Write("robot.xml", seeing);
  const auto touching =
      Read(RandomizedTask(Friction("*", "scale", "0.5, 2")))->randomizations[0].elements();
  EXPECT_EQ(touching, (std::vector<std::string>{"floor", "#1", "wheel"}));
  const auto of_box = Read(RandomizedTask(Friction("body:box", "scale", "0.5, 2")));
  EXPECT_EQ(of_box->randomizations[0].elements(), std::vector<std::string>{"#1"});
  EXPECT_EQ(of_box->randomizations[0].skipped()[0].reason, "touches nothing");
  EXPECT_EQ(left_out, ErrorOf(RandomizedTask(Friction("shell", "scale", "0.5, 2"))));
  EXPECT_EQ(left_out,
            "task.toml:12:1: target = \"shell\": geom 'shell' touches nothing: its contype and "
            "conaffinity are 0, and no <pair> names it");
  EXPECT_EQ(Read(RandomizedTask(Friction("#1", "scale", "0.5, 2")))->randomizations[0].elements(),
            std::vector<std::string>{"#1"});
  EXPECT_EQ(ErrorOf(RandomizedTask(Friction("body:bocks", "scale", "0.5, 2"))),
            "task.toml:12:1: target = \"body:bocks\": no geom 'body:bocks' to choose in robot.xml; "
            "known: world, frame, box, wheel");
}

// The ball on the box, which nothing touches, is left out of what is simulated; the numbers of
// geoms are those of the file all the same.
TEST_F(RobotRandomizationTest, GeomsAreThoseOfTheFileWhateverIsLeftOut) {
  Write("robot.xml", Slider(""));
  const auto family = Make(RandomizedTask(Friction("#3", "set", "0.3, 0.3")));
  TaskModel task_model(*family);
  const DataPtr data = MakeData(family->model());
  const mjModel& changed = task_model.Prepare(Vector::Constant(1, 0.3), {}, *data);
  ASSERT_EQ(changed.ngeom, 3);
  EXPECT_EQ(NameOf(changed, mjOBJ_GEOM, 2), "wheel");
  EXPECT_EQ(changed.geom_friction[0], 1);
  EXPECT_EQ(changed.geom_friction[3], 1);
  EXPECT_EQ(changed.geom_friction[6], 0.3);
  EXPECT_EQ(Read(RandomizedTask(Friction("#3", "set", "0.3, 0.3")))->randomizations[0].elements(),
            std::vector<std::string>{"wheel"});
}

TEST_F(RobotRandomizationTest, NamesMayHaveAnyCharacters) {
  std::string model = Slider("");
  const auto rename = [&](const std::string& old, const std::string& name) {
    for (auto at = model.find("\"" + old + "\""); at != std::string::npos;
         at = model.find("\"" + old + "\"", at + 1)) {
      model.replace(at + 1, old.size(), name);
    }
  };
  model.replace(model.find("name=\"box\""), 10, "name=\"arm[0]\"");
  rename("wheel", "left, upper");
  Write("robot.xml", model);
  const auto chosen = [&](const std::string& target) {
    return Read(RandomizedTask("field = \"mass\"\ntarget = '" + target + "'\nrange = [0.5, 2]"))
        ->randomizations[0]
        .elements();
  };
  const std::vector<std::string> arm = {"arm[0]"}, wheel = {"left, upper"};
  const std::vector<std::string> both = {"arm[0]", "left, upper"};
  EXPECT_EQ(chosen("arm[0]"), arm);
  EXPECT_EQ(chosen(R"(arm\[0\])"), arm);
  EXPECT_EQ(chosen(R"(arm\[*)"), arm);
  EXPECT_EQ(chosen("left, upper"), wheel);
  EXPECT_EQ(chosen(R"(arm[0], left\, upper)"), both);
  EXPECT_EQ(chosen("#2, #3"), both);
  EXPECT_EQ(chosen("arm*, left*"), both);
  EXPECT_EQ(ErrorOf(RandomizedTask("field = \"mass\"\ntarget = 'arm[1]'\nrange = [0.5, 2]")),
            "task.toml:12:1: target = \"arm[1]\": no body 'arm[1]' to choose in robot.xml; did you "
            "mean 'arm[0]'?");
  EXPECT_EQ(ErrorOf(RandomizedTask("field = \"mass\"\ntarget = 'left\\, uper'\nrange = [0.5, 2]")),
            "task.toml:12:1: target = \"left\\\\, uper\": no body 'left\\, uper' to choose in "
            "robot.xml; did you mean 'left\\, upper'?");
}

// ---- strength ----

std::string Motor(const std::string& actuator, const std::string& joint = "") {
  return R"(<mujoco>
  <compiler autolimits="true"/>
  <option timestep="0.002"/>
  <worldbody>
    <body><joint name="j" axis="0 0 1" )" +
         joint + R"(/><geom type="capsule" fromto="0 0 0 .3 0 0" size=".02" mass=".5"/></body>
    <body pos="0 0 1"><joint name="ball" type="ball"/><geom size=".1" mass="1"/></body>
  </worldbody>
  <tendon><fixed name="t"><joint joint="j" coef="1"/></fixed></tendon>
  <actuator>)" +
         actuator + R"(</actuator>
  <keyframe><key name="shot" qpos="0.1 1 0 0 0"/></keyframe>
</mujoco>)";
}

TEST_F(RobotRandomizationTest, StrengthIsOfAllForceOfEveryActuator) {
  const std::vector<std::string> actuators = {
      R"(<motor joint="j" gear="3"/>)",
      R"(<motor joint="j" gear="3" forcerange="-.2 .3"/>)",
      R"(<position joint="j" kp="20" kv="2"/>)",
      R"(<position joint="j" kp="20" kv="2" forcerange="-1 1"/>)",
      R"(<position joint="j" kp="20" timeconst=".1"/>)",
      R"(<velocity joint="j" kv="2"/>)",
      R"(<intvelocity joint="j" kp="20"/>)",
      R"(<damper joint="j" kv="2" ctrlrange="0 1"/>)",
      R"(<cylinder tendon="t" timeconst=".1" area="2" bias="1 0 0"/>)",
      R"(<muscle joint="j" lengthrange="-1 1" force="30"/>)",
      R"(<muscle joint="j" lengthrange="-1 1"/>)",
      R"(<general joint="j" gaintype="affine" gainprm="3 2 1" biastype="affine" biasprm="1 2 3"/>)",
      R"(<pid joint="j" kp="20" kv="2" ki="3"/>)",
      R"(<orientation joint="ball" kp="20" kv="2"/>)",
  };
  for (const std::string& actuator : actuators) {
    Write("robot.xml", Motor(actuator));
    const auto family = Make(RandomizedTask("field = \"strength\"\nrange = [0.25, 4]"));
    TaskModel task_model(*family);
    const DataPtr data = MakeData(family->model());
    const auto force = [&](double strength) {
      const mjModel& model = task_model.Prepare(Vector::Constant(1, strength), {}, *data);
      data->qpos[0] = 0.4;
      data->qvel[0] = 0.7;
      mju_fill(data->ctrl, 0.6, static_cast<int>(model.nu));
      mju_fill(data->act, 0.5, static_cast<int>(model.na));
      mj_forward(&model, data.get());
      return Vector(Eigen::Map<const Vector>(data->qfrc_actuator, model.nv));
    };
    const Vector usual = force(1), weak = force(0.25), strong = force(4);
    EXPECT_GT(usual.norm(), 0.1) << actuator;
    EXPECT_LT((weak - 0.25 * usual).norm(), 1e-9 * usual.norm()) << actuator;
    EXPECT_LT((strong - 4 * usual).norm(), 1e-9 * usual.norm()) << actuator;
  }
}

// The limit of a joint is that of its only actuator.
TEST_F(RobotRandomizationTest, StrengthIsAlsoOfTheLimitOfItsJoint) {
  const std::string motor = R"(<motor joint="j" gear="3"/>)";
  for (const auto& [actuators, expected] :
       {std::pair(motor, 0.2), {motor + R"(<damper joint="j" kv="0" ctrlrange="0 1"/>)", 0.4}}) {
    Write("robot.xml", Motor(actuators, R"(actuatorfrcrange="-.4 .4")"));
    const auto family =
        Make(RandomizedTask("field = \"strength\"\ntarget = \"#0\"\nrange = [0.5, 2]"));
    TaskModel task_model(*family);
    const DataPtr data = MakeData(family->model());
    const mjModel& model = task_model.Prepare(Vector::Constant(1, 0.5), {}, *data);
    data->ctrl[0] = 9;
    mj_forward(&model, data.get());
    EXPECT_EQ(data->qfrc_actuator[0], expected);
  }
}

TEST_F(RobotRandomizationTest, ActuatorsWithoutAStrengthAreToldByName) {
  const std::string dc = R"(<dcmotor name="dc" joint="j" motorconst="0.5" resistance="1"/>)";
  const std::string task = "field = \"strength\"\nrange = [0.5, 2]";
  Write("robot.xml", Motor(dc));
  EXPECT_EQ(ErrorOf(RandomizedTask(task)),
            "task.toml:10:1: target: actuator 'dc' is a DC motor, whose force is not proportional "
            "to any one of its numbers");
  Write("robot.xml", Motor(R"(<pid name="pid" joint="j" kp="2" input="pos ff"/>)"));
  EXPECT_NE(ErrorOf(RandomizedTask(task)).find("'pid' adds its input ff as a force"),
            std::string::npos);
  Write("robot.xml", Motor(dc + R"(<motor name="m" joint="j"/>)"));
  const auto read = Read(RandomizedTask(task));
  EXPECT_EQ(read->randomizations[0].elements(), std::vector<std::string>{"m"});
  EXPECT_EQ(read->randomizations[0].skipped()[0].name, "dc");
}

}  // namespace
}  // namespace anole
