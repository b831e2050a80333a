package verify

import (
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// OneOfEachRollout leaves of the causes that wait for one rollout the first, and returns the others of it by Cause.Rollout.
func OneOfEachRollout(causes []Cause) (first []Cause, rest map[string][]Cause) {
	rest = map[string][]Cause{}
	for _, c := range causes {
		rollout := c.Rollout()
		isSame := func(other Cause) bool { return other.Rollout() == rollout }
		if rollout != "" && slices.ContainsFunc(first, isSame) {
			rest[rollout] = append(rest[rollout], c)
			continue
		}
		first = append(first, c)
	}
	return first, rest
}

// Rollout is the same for all rungs that wait for the same components in the same environments, and "" for another cause.
func (c Cause) Rollout() string {
	if c.Decision != Pending || c.Code != trace.CodeProgressing {
		return ""
	}
	var names []string
	for _, s := range c.Subjects {
		names = append(names, s.Name(true))
	}
	return strings.Join(names, ", ")
}
