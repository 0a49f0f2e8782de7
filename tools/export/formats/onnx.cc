// ONNX (https://onnx.ai): observation (batch x size) -> mean (batch x actions) and log_std
// (actions), with the normaliser in the graph and policy.json in metadata_props. A policy that
// remembers also takes its state (batch x units), of zeros at first, and gives next_state.
#include <fmt/format.h>
#include <onnx/onnx.pb.h>

#include <bit>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tools/export/export_format.h"
#include "tools/export/policy_json.h"
#include "tools/run/files/durable_file.h"
#include "tools/run/process/provenance.h"

namespace anole::exports {
namespace {

static_assert(std::endian::native == std::endian::little, "ONNX has numbers as they lie here");

constexpr int kIrVersion = 8, kOpset = 17;  // which runtimes since 2022 read
constexpr int kFloat = 1;                   // TensorProto.DataType.FLOAT
constexpr const char* kBatch = "batch";     // the dimension that is free

class Graph {
 public:
  explicit Graph(onnx::GraphProto& graph) : graph_(graph) { graph.set_name("policy"); }

  // values: row-major. Returns the name.
  std::string Constant(const std::string& name, const std::vector<std::int64_t>& shape,
                       VectorIn values) {
    onnx::TensorProto& tensor = *graph_.add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(kFloat);
    for (const std::int64_t size : shape) tensor.add_dims(size);
    const Eigen::VectorXf floats = values.cast<float>();
    tensor.set_raw_data(floats.data(), static_cast<std::size_t>(floats.size()) * sizeof(float));
    return name;
  }

  // Returns the name of what comes of it.
  std::string Node(const std::string& type, const std::vector<std::string>& inputs,
                   const std::string& output) {
    onnx::NodeProto& node = *graph_.add_node();
    node.set_op_type(type);
    node.set_name(output);
    for (const std::string& input : inputs) node.add_input(input);
    node.add_output(output);
    return output;
  }

  // Into equal parts along the last axis.
  void Split(const std::string& input, const std::vector<std::string>& parts) {
    onnx::NodeProto& node = *graph_.add_node();
    node.set_op_type("Split");
    node.set_name(input + "/split");
    node.add_input(input);
    for (const std::string& part : parts) node.add_output(part);
    onnx::AttributeProto& axis = *node.add_attribute();
    axis.set_name("axis");
    axis.set_type(onnx::AttributeProto::INT);
    axis.set_i(1);
  }

  static void Declare(onnx::ValueInfoProto& value, const std::string& name, bool has_batch,
                      std::int64_t size) {
    value.set_name(name);
    auto& type = *value.mutable_type()->mutable_tensor_type();
    type.set_elem_type(kFloat);
    if (has_batch) type.mutable_shape()->add_dim()->set_dim_param(kBatch);
    type.mutable_shape()->add_dim()->set_dim_value(size);
  }

 private:
  onnx::GraphProto& graph_;
};

// x @ weight + bias, called `sum`. name: of the layer's parameters.
std::string Layer(Graph& graph, const LayerShape& layer, VectorIn params, const std::string& x,
                  const std::string& name, const std::string& sum) {
  const std::int64_t weights = layer.inputs * layer.outputs;
  const std::string weight = graph.Constant(name + "/weight", {layer.inputs, layer.outputs},
                                            params.segment(layer.offset, weights));
  const std::string bias = graph.Constant(name + "/bias", {layer.outputs},
                                          params.segment(layer.offset + weights, layer.outputs));
  return graph.Node("Add", {graph.Node("MatMul", {x, weight}, sum + "/product"), bias}, sum);
}

// The formulas at the head of agents/network/gru.h. Returns the next state.
std::string Remember(Graph& graph, const GruShape& gru, VectorIn params, const std::string& x,
                     onnx::GraphProto& proto) {
  Graph::Declare(*proto.add_input(), "state", true, gru.units);
  Graph::Declare(*proto.add_output(), "next_state", true, gru.units);
  const std::string by_input = Layer(graph, gru.input, params, x, "policy/gru/input", "by_input");
  const std::string by_state =
      Layer(graph, gru.state, params, "state", "policy/gru/state", "by_state");
  for (const std::string& whole : {by_input, by_state}) {
    graph.Split(whole, {whole + "/r", whole + "/z", whole + "/n"});
  }
  const auto gate = [&](const std::string& name) {
    return graph.Node(
        "Sigmoid", {graph.Node("Add", {by_input + name, by_state + name}, "gate" + name + "/sum")},
        "gate" + name);
  };
  const std::string r = gate("/r"), z = gate("/z");
  std::string n = graph.Node("Mul", {r, by_state + "/n"}, "candidate/of_state");
  n = graph.Node("Tanh", {graph.Node("Add", {by_input + "/n", n}, "candidate/sum")}, "candidate");
  // (1 - z) n + z h = n + z (h - n)
  const std::string change =
      graph.Node("Mul", {z, graph.Node("Sub", {"state", n}, "state/minus_candidate")}, "kept");
  return graph.Node("Add", {n, change}, "next_state");
}

void FillGraph(const ExportedPolicy& policy, onnx::GraphProto& proto) {
  const PolicyShape& shape = policy.shape();
  const ObservationScale scale = policy.observations();
  const std::int64_t observations = shape.observation_dim(), actions = shape.action_dim();
  Graph graph(proto);
  Graph::Declare(*proto.add_input(), "observation", true, observations);
  Graph::Declare(*proto.add_output(), "mean", true, actions);
  Graph::Declare(*proto.add_output(), "log_std", false, actions);

  const std::string shift = graph.Constant("observation/shift", {observations}, scale.mean);
  const std::string factor =
      graph.Constant("observation/factor", {observations}, scale.deviation.cwiseInverse());
  const std::string low =
      graph.Constant("observation/lowest", {}, Vector::Constant(1, -kObservationClip));
  const std::string high =
      graph.Constant("observation/highest", {}, Vector::Constant(1, kObservationClip));
  std::string x = graph.Node("Sub", {"observation", shift}, "shifted");
  x = graph.Node("Mul", {x, factor}, "scaled");
  x = graph.Node("Clip", {x, low, high}, "normalized");
  const Vector params = policy.params();
  if (shape.gru.units > 0) x = Remember(graph, shape.gru, params, x, proto);
  for (const LayerShape& layer : shape.network.layers) {
    const bool is_last = &layer == &shape.network.layers.back();
    const std::string name = fmt::format("layer{}", &layer - shape.network.layers.data());
    x = Layer(graph, layer, params, x, "policy/" + name, is_last ? "mean" : name + "/sum");
    if (!is_last) x = graph.Node("Tanh", {x}, name + "/output");
  }
  graph.Node("Identity", {graph.Constant("policy/log_std", {actions}, policy.log_std())},
             "log_std");
}

void WriteOnnx(const ExportedPolicy& policy, const std::filesystem::path& folder) {
  onnx::ModelProto model;
  model.set_ir_version(kIrVersion);
  model.set_producer_name("anole");
  model.set_producer_version(ProgramFacts()["anole"].get<std::string>());
  model.add_opset_import()->set_version(kOpset);
  FillGraph(policy, *model.mutable_graph());
  onnx::StringStringEntryProto& entry = *model.add_metadata_props();
  entry.set_key("policy");
  entry.set_value(PolicyJson(policy).dump());
  WriteWholeFile(folder / "policy.onnx", model.SerializeAsString());
}

const RegisterExportFormat registration("onnx",
                                        {"ONNX, which runtimes of all kinds of machines run",
                                         WriteOnnx});

}  // namespace
}  // namespace anole::exports
