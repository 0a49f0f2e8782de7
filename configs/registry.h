// Components that a config chooses by name: task families, inner learners, meta gradients, ...
//
// A component registers itself at the foot of its own file,
//
//   const RegisterFamily<CheetahVelocity> registration("cheetah-velocity", "run at a velocity");
//
// and is from then on listed, documented, validated and built without another file being edited.
// RegisterFamily<Family> is Registration<TaskFamily, Family>. CheetahVelocity has `struct Options`
// with a `Describe(VisitOf<Options>)` and a constructor that takes `const Options&`, followed by
// whatever else the components of its registry are made of (`Args`).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "configs/option.h"
#include "configs/suggest.h"
#include "configs/user_error.h"

namespace anole {

template <class Component, class... Args>
class Registry {
 public:
  // A component that is described but not yet built: it holds the component's options.
  class Maker {
   public:
    virtual ~Maker() = default;
    virtual void Describe(OptionVisitor& visitor) const = 0;
    virtual void Describe(OptionSource& source) = 0;
    virtual std::unique_ptr<Component> Make(Args... args) const = 0;
  };

  struct Entry {
    std::string summary;  // one line, for `anole list`
    std::function<std::unique_ptr<Maker>()> maker;
  };

  // In alphabetical order, so that nothing depends on the order of static initialisation.
  static std::map<std::string, Entry, std::less<>>& entries() {
    static std::map<std::string, Entry, std::less<>> entries;
    return entries;
  }

  static std::vector<std::string> names() {
    std::vector<std::string> names;
    for (const auto& [name, entry] : entries()) names.push_back(name);
    return names;
  }

  static std::unique_ptr<Maker> NewMaker(std::string_view name) {
    const auto found = entries().find(name);
    if (found == entries().end()) {
      throw UserError("unknown name '" + std::string(name) + "'" + Suggestion(name, names()));
    }
    return found->second.maker();
  }
};

template <class Component, class Concrete, class... Args>
class Registration {
 public:
  Registration(const std::string& name, std::string summary) {
    using Base = Registry<Component, Args...>;
    const bool is_new =
        Base::entries()
            .emplace(name, typename Base::Entry{std::move(summary),
                                                [] { return std::make_unique<ConcreteMaker>(); }})
            .second;
    if (!is_new) throw std::logic_error("two components are registered as '" + name + "'");
  }

 private:
  class ConcreteMaker : public Registry<Component, Args...>::Maker {
   public:
    void Describe(OptionVisitor& visitor) const override {
      Concrete::Options::Describe({options_, visitor});
    }
    void Describe(OptionSource& source) override {
      Concrete::Options::Describe({options_, source});
    }
    std::unique_ptr<Component> Make(Args... args) const override {
      return std::make_unique<Concrete>(options_, args...);
    }

   private:
    typename Concrete::Options options_;
  };
};

}  // namespace anole
