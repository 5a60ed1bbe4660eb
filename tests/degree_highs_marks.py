"""What is said of marks, as rows of whole number programmes."""

from degree_model import Terms, added, times
from degree_reading import Badge, Json, credit, exactly, failed, tenths
from degree_whole_numbers import Programming


class Marks:
    """Adds condonement, and one class if it is asked for, to a model."""

    def __init__(self, rules: Programming) -> None:
        self.rules, self.model, self.programme = rules, rules.model, rules.programme
        self.rule = self.programme.get("classification", {"rpl_marks": "included", "classes": []})

    def add(self, class_: Json | None) -> None:
        if "condonement" in self.programme:
            self._condonement(self.programme["condonement"])
        if class_ is not None:
            self._class(class_, f"classification.{class_['id']}")

    def _failed(self, badge: Badge) -> bool:
        return failed(self.programme, badge)

    def _graded(self, badge: Badge) -> bool:
        if badge.rpl and self.rule["rpl_marks"] == "excluded_from_mean":
            return False
        return badge.mark is not None

    def _above(self, mean: int, bucket: str | None = None) -> Terms:
        return self.rules.total(
            lambda b: b.credits * (b.mark - mean) if b.mark is not None and self._graded(b) else 0,
            bucket,
        )

    def _condonement(self, rule: Json) -> None:
        rules = self.rules
        if rules.holds(row := "condonement.max_credits"):
            most = rules.amount(row, rule["max_credits"])
            self.model.at_most(rules.credits(self._failed), most)
        if "mean_at_least" in rule and rules.holds(row := "condonement.mean_at_least"):
            mean = rules.granted.tenths(row, tenths(rule["mean_at_least"]))
            any_condoned = self.model.variable()
            for badge in rules.asked.badges:
                if self._failed(badge):
                    self.model.at_most(added(rules.counted(badge), {any_condoned: -1}), 0)
            self.model.when(any_condoned, self._above(mean), 0)

    def _class(self, class_: Json, path: str) -> None:
        rules = self.rules
        if rules.holds(row := f"{path}.graded"):
            stated = credit(self.programme, self.rule.get("graded_at_least", 0))
            least = max(1, rules.granted.tenths(row, stated))
            self.model.at_least(rules.credits(self._graded), least)
        if class_.get("first_attempts") and rules.holds(f"{path}.first_attempts"):
            self.model.at_most(rules.total(lambda b: int(not b.first_attempt)), 0)
        if self._uncondoned(class_) and rules.holds(f"{path}.uncondoned"):
            self.model.at_most(rules.total(lambda b: int(self._failed(b))), 0)
        self._criteria(class_, path, None)
        if "any_of" in class_ and rules.holds(f"{path}.any_of"):
            chosen = [self.model.variable() for _ in class_["any_of"]]
            self.model.at_least(dict.fromkeys(chosen, 1), 1)
            for number, alternative in enumerate(class_["any_of"]):
                self._criteria(alternative, f"{path}.any_of[{number}]", chosen[number])

    def _uncondoned(self, class_: Json) -> bool:
        """Whether the class is better than any with a condoned badge may be."""
        if "condonement" not in self.programme:
            return False
        for some in self.rule["classes"]:  # from the best
            if some["id"] == self.programme["condonement"].get("cap_class", "pass"):
                return False
            if some["id"] == class_["id"]:
                return True
        raise AssertionError(f"no such class: {class_['id']}")

    def _criteria(self, asked: Json, path: str, choice: int | None) -> None:
        rules, asks = self.rules, []
        if "mean" in asked:
            row = f"{path}.mean"
            asks.append((row, self._above(self._mean(row, asked["mean"])), 0))
        for bucket, mean in asked.get("bucket_means", {}).items():
            row = f"{path}.bucket_means.{bucket}"
            graded = rules.total(lambda b: int(self._graded(b)), bucket)
            asks.append((f"{path}.graded.{bucket}", graded, 1))
            asks.append((row, self._above(self._mean(row, mean), bucket), 0))
        for mark, amount in asked.get("credits_at", {}).items():
            row = f"{path}.credits_at.{mark}"
            asks.append((row, self._at(mark), rules.amount(row, amount)))
        for mark, least in asked.get("share_at", {}).items():
            row = f"{path}.share_at.{mark}"
            share = rules.granted.share(row, exactly(least))
            whole = times(-share.numerator, rules.credits(self._graded))
            asks.append((row, added(times(share.denominator, self._at(mark)), whole), 0))
        for row, terms, least in asks:
            if rules.holds(row):
                self.model.when(choice, terms, least)

    def _at(self, mark: str) -> Terms:
        return self.rules.credits(
            lambda b: self._graded(b) and b.mark is not None and b.mark >= tenths(mark)
        )

    def _mean(self, row: str, stated: object) -> int:
        mean = self.rules.granted.tenths(row, tenths(stated))
        return mean - 5 if self.rule.get("mean_rounding") == "half_up" else mean
