// MuJoCo's own plugins: actuators, sensors and shapes that its library does without.
#pragma once

namespace anole {

// Makes known what lies in the folder of plugins beside MuJoCo's library: "plugin" as in its Python
// package, else "mujoco_plugin", also of ../bin, as in its releases. Does nothing a second time,
// nor where plugins are known already: a program that loads them itself has others of the same
// names. Whether any were made known now.
bool LoadPlugins();

}  // namespace anole
