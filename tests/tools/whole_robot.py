"""A robot whose files lie in many folders: includes within includes, meshes of one name in two
folders, a texture, a height field, motions of one name in two folders."""

import struct
import zlib

TASK = """\
# The cart is to find its place.
[robot]
model = "../models/cart/main.xml"
control_dt = 0.02
horizon = 20

[[motion]]
name = "sway"
file = "../motions/sway.csv"

[[motion]]
file = "../motions/quick/sway.csv"
name = "quick"
start = false

[[command]]
name = "place"
range = [-1, 1]

[[action]]
actuators = "pull"

[[observation]]
term = "joint_positions"

[[observation]]
term = "joint_velocities"

[[observation]]
term = "formula"
formula = "motion('sway', 'cart'); motion('quick', 'cart')"

[[reward]]
term = "distance"
of = "cart"
target = "place"
"""

MAIN = """\
<mujoco model="cart">
  <compiler angle="radian" meshdir="../shared/meshes" texturedir="pictures"/>
  <option timestep="0.005"/>
  <include file="parts/assets.xml"/>
  <worldbody>
    <light pos="0 -2 4" dir="0 0.4 -1"/>
    <geom name="ground" type="hfield" hfield="hills" pos="0 0 -1" contype="0" conaffinity="0"/>
    <include file="parts/body.xml"/>
  </worldbody>
  <actuator>
    <motor name="pull" joint="cart" gear="15" ctrlrange="-1 1"/>
  </actuator>
</mujoco>
"""

ASSETS = """\
<mujocoinclude>
  <asset>
    <mesh name="box" file="box.stl"/>
    <mesh name="knob" file="../more/box.stl"/>
    <texture name="paint" type="2d" file="paint.png"/>
    <material name="paint" texture="paint"/>
    <hfield name="hills" file="../../shared/hills.png" size="3 1 0.2 0.1"/>
  </asset>
</mujocoinclude>
"""

BODY = """\
<mujocoinclude>
  <body name="cart" pos="0 0 0.4">
    <joint name="cart" type="slide" axis="1 0 0" damping="0.5"/>
    <geom name="cart" type="mesh" mesh="box" mass="1" material="paint" contype="0" conaffinity="0"/>
    <include file="inner/pole.xml"/>
  </body>
</mujocoinclude>
"""

POLE = """\
<mujocoinclude>
  <body name="pole">
    <joint name="pole" type="hinge" axis="0 1 0" damping="0.01"/>
    <geom name="pole" type="mesh" mesh="knob" pos="0 0 0.5" contype="0" conaffinity="0"/>
  </body>
</mujocoinclude>
"""


def stl(x, y, z):
    """A box as binary STL, its half sizes in m."""
    corners = [[i * x, j * y, k * z] for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)]
    faces = [(0, 1, 3), (0, 3, 2), (4, 6, 7), (4, 7, 5), (0, 4, 5), (0, 5, 1),
             (2, 3, 7), (2, 7, 6), (0, 2, 6), (0, 6, 4), (1, 5, 7), (1, 7, 3)]
    data = bytes(80) + struct.pack("<I", len(faces))
    for face in faces:
        data += struct.pack("<12fH", 0, 0, 0, *(c for corner in face for c in corners[corner]), 0)
    return data


def png(size, value):
    """A square picture; value(row, column) is a byte of gray."""
    rows = b"".join(b"\0" + bytes(value(i, j) for j in range(size)) for i in range(size))

    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data +
                struct.pack(">I", zlib.crc32(kind + data)))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


FILES = {
    "robots/tasks/cart.toml": TASK,
    "robots/models/cart/main.xml": MAIN,
    "robots/models/cart/parts/assets.xml": ASSETS,
    "robots/models/cart/parts/body.xml": BODY,
    "robots/models/cart/parts/inner/pole.xml": POLE,
    "robots/motions/sway.csv": "time,cart\n0,-0.1\n1,0.1\n2,-0.1\n",
    "robots/motions/quick/sway.csv": "time,cart\n0,-0.3\n0.1,0.3\n0.2,-0.3\n",
    "robots/models/shared/meshes/box.stl": stl(0.15, 0.08, 0.06),
    "robots/models/shared/more/box.stl": stl(0.05, 0.05, 0.4),
    "robots/models/shared/hills.png": png(16, lambda i, j: 5 * (i + j)),
    "robots/models/cart/pictures/paint.png": png(16, lambda i, j: 255 * ((i + j) % 2)),
}


def write_robot(folder):
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
