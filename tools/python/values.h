// Values between Python and the library: arrays, options, tables.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>

#include <string>
#include <vector>

#include "configs/settings.h"
#include "envs/linear_algebra.h"
#include "envs/random.h"
#include "envs/task_list.h"

namespace anole::python {

namespace nb = nanobind;

// Python's arrays are row-major: rows there are columns here.
using Rows = nb::ndarray<double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using ConstRows = nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Numbers = nb::ndarray<double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using ConstNumbers = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Flags = nb::ndarray<bool, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using ConstFlags = nb::ndarray<const bool, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

// Views, not copies.
Eigen::Map<Matrix> View(Rows& rows);
Eigen::Map<const Matrix> View(const ConstRows& rows);
Eigen::Map<Vector> View(Numbers& numbers);
Eigen::Map<const Vector> View(const ConstNumbers& numbers);

// New arrays of NumPy, which own their numbers. (columns, rows): transposed, so not copied twice.
nb::object ToNumpy(Matrix matrix);
nb::object ToNumpy(Vector vector);

// {"task.range": [-1, 1]} as options, which messages call by these names. Throws nb::type_error
// where a value is of a kind that no option has.
Settings ToSettings(const nb::dict& options);
// The same as texts, as on a command line.
std::vector<std::pair<std::string, std::string>> ToTexts(const nb::dict& options);

// Lists of (name, unit).
nb::list ToPairs(const std::vector<NamedUnit>& names);

// "train", "validation", "test". Throws UserError.
Phase ToPhase(const std::string& name);

}  // namespace anole::python
