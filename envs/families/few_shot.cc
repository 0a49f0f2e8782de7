// few-shot: tell N characters apart after K pictures of each (Vinyals et al. 2016; Nichol, Achiam,
// Schulman 2018, section 6.1, whose defaults these are), from a folder in Omniglot's layout.
// Task: the numbers of N characters among those of the phase, which pictures of each are to be
// learned from, and how many: more in training than in validation and tests. An inner step sees a
// minibatch of those pictures; others of the same characters score. Alphabets of a test are of no
// other phase (images/alphabets.h).
#include <algorithm>
#include <filesystem>
#include <memory>
#include <numeric>
#include <string>
#include <system_error>
#include <vector>

#include "configs/user_error.h"
#include "envs/data_family.h"
#include "envs/images/alphabets.h"
#include "envs/images/picture_files.h"
#include "envs/task_checksum.h"

namespace anole {
namespace {

class FewShot : public DataFamily {
 public:
  struct Options {
    std::string folder;
    std::string checksum;
    std::shared_ptr<const PictureFiles> pictures;  // of the folder
    std::int64_t ways = 5;
    std::int64_t shots = 1;
    std::int64_t train_shots = 10;
    std::int64_t queries = 5;
    std::int64_t batch = 10;
    std::int64_t image_size = 14;  // [pixels]
    bool rotations = true;

    static void Describe(VisitOf<Options> visit) {
      visit("task.folder", &Options::folder,
            {.help = "of pictures, alphabet/character/*.png; tools/glyphs makes one",
             .path = true,
             .kept = visit->pictures == nullptr ? nullptr : &visit->pictures->files,
             .min_size = 1});
      // Where there is none, a command line may still name another.
      std::error_code none;
      Options* const read = visit.reading();
      if (read != nullptr && std::filesystem::is_directory(read->folder, none)) {
        read->pictures = FilesOfPictures(read->folder);
      }
      DescribeChecksum(visit, &Options::checksum,
                       {.told = visit->folder,
                        .checksum = visit->pictures == nullptr ? "" : visit->pictures->checksum});
      visit("task.ways", &Options::ways, {.help = "characters of a task", .min = 2, .max = 1000});
      visit("task.shots", &Options::shots,
            {.help = "pictures of each to learn from, in validation and tests",
             .min = 1,
             .max = 1000});
      visit("task.train_shots", &Options::train_shots,
            {.help = "the same in training", .min = 1, .max = 1000, .use = Use::kTraining});
      visit("task.queries", &Options::queries,
            {.help = "other pictures of each, which score", .min = 1, .max = 1000});
      visit("task.batch", &Options::batch,
            {.help = "pictures of an inner step, drawn anew from those to learn from",
             .min = 1,
             .max = 1e6});
      visit("task.image_size", &Options::image_size,
            {.help = "width and height that pictures are averaged down to",
             .unit = "pixels",
             .min = 4,
             .max = 256});
      visit("task.rotations", &Options::rotations,
            {.help = "characters turned by 90, 180 and 270 degrees are trained on as others"});
    }
  };

  explicit FewShot(const Options& options)
      : options_(options),
        alphabets_(ReadAlphabets(options.folder, static_cast<int>(options.image_size),
                                 options.rotations,
                                 std::max(options.shots, options.train_shots) + options.queries)) {
    for (const Phase phase : {Phase::kTrain, Phase::kValidation, Phase::kTest}) {
      const auto count = static_cast<std::int64_t>(alphabets_.Of(phase).size());
      if (count >= options.ways) continue;
      throw OptionError("task.ways",
                        "must be at most " + std::to_string(count) + ": " + options.folder +
                            " has no more characters for " +
                            (phase == Phase::kTrain        ? "training"
                             : phase == Phase::kValidation ? "validation, in every eighth alphabet"
                                                           : "tests, in every fourth alphabet"));
    }
    spec_ = {.input_dim = options.image_size * options.image_size,
             .output_dim = options.ways,
             .points = options.batch,
             .task_parameters = {},
             .classification = true};
    for (std::int64_t i = 0; i < options.ways; ++i) {
      spec_.task_parameters.push_back({"character_" + std::to_string(i), ""});
    }
    spec_.task_parameters.insert(spec_.task_parameters.end(),
                                 {{"phase", ""}, {"shots", ""}, {"draw", ""}});
  }

  const DataSpec& spec() const override { return spec_; }

  Vector Sample(Rng& rng, const TaskPlace& place) const override {
    const std::vector<Character>& characters = alphabets_.Of(place.phase);
    std::vector<std::int64_t> numbers(characters.size());
    std::iota(numbers.begin(), numbers.end(), 0);
    Vector task(options_.ways + 3);
    Shuffle(rng, numbers, static_cast<std::size_t>(options_.ways));
    for (std::int64_t i = 0; i < options_.ways; ++i) {
      task[i] = static_cast<double>(numbers[static_cast<std::size_t>(i)]);
    }
    const bool trains = place.phase == Phase::kTrain;
    task.tail(3) << static_cast<double>(place.phase),
        static_cast<double>(trains ? options_.train_shots : options_.shots),
        static_cast<double>(rng());
    return task;
  }

  Batch Draw(VectorIn task, Rng& rng) const override {
    const std::int64_t shots = Shots(task), all = options_.ways * shots;
    std::vector<std::int64_t> order(static_cast<std::size_t>(all));
    std::iota(order.begin(), order.end(), 0);
    const auto size = static_cast<std::size_t>(std::min(options_.batch, all));
    Shuffle(rng, order, size);
    order.resize(size);
    return Pictures(task, order, 0, shots);
  }

  Batch Support(VectorIn task) const override {
    return Pictures(task, AllOf(Shots(task)), 0, Shots(task));
  }

  Batch Query(VectorIn task) const override {
    return Pictures(task, AllOf(options_.queries), Shots(task), options_.queries);
  }

 private:
  std::int64_t Shots(VectorIn task) const {
    return static_cast<std::int64_t>(task[options_.ways + 1]);
  }

  std::vector<std::int64_t> AllOf(std::int64_t pictures) const {
    std::vector<std::int64_t> all(static_cast<std::size_t>(options_.ways * pictures));
    std::iota(all.begin(), all.end(), 0);
    return all;
  }

  // Number i is picture i % count, after the first `skipped`, of the task's character i / count.
  Batch Pictures(VectorIn task, const std::vector<std::int64_t>& numbers, std::int64_t skipped,
                 std::int64_t count) const {
    const auto phase = static_cast<Phase>(static_cast<int>(task[options_.ways]));
    const std::vector<Character>& characters = alphabets_.Of(phase);
    Batch batch{Matrix(spec_.input_dim, static_cast<Eigen::Index>(numbers.size())),
                Matrix::Zero(spec_.output_dim, static_cast<Eigen::Index>(numbers.size()))};
    Eigen::Index column = 0;
    for (const std::int64_t number : numbers) {
      const std::int64_t way = number / count;
      const Character& character = characters.at(static_cast<std::size_t>(task[way]));
      const std::vector<int> order = Order(task, way, character.images.cols());
      batch.inputs.col(column) =
          character.images.col(order[static_cast<std::size_t>(skipped + number % count)])
              .cast<double>();
      batch.targets(way, column++) = 1;
    }
    return batch;
  }

  // In which the pictures of a character are used by a task: the first to learn from, then the
  // queries.
  std::vector<int> Order(VectorIn task, std::int64_t way, Eigen::Index count) const {
    Rng rng =
        Address{.seed = static_cast<std::uint64_t>(task[options_.ways + 2]), .task = way}.Open(
            Purpose::kLearner);
    std::vector<int> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), 0);
    Shuffle(rng, order, order.size());
    return order;
  }

  Options options_;
  Alphabets alphabets_;
  DataSpec spec_;
};

const RegisterDataFamily<FewShot> registration("few-shot",
                                               "tell characters apart after a few pictures");

}  // namespace
}  // namespace anole
