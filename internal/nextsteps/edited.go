package nextsteps

import (
	"regexp"
	"slices"
	"strings"
)

// anyEdited is the condition on the pages for the commands that cut a release: one of these objects has the fix.
const anyEdited = "you edited the Component, Workload or component type"

var (
	// edited is an object in a hint, by its kind.
	edited = regexp.MustCompile(`\b(?:Component|Workload|ReleaseBinding|ClusterComponentType|ComponentType|ClusterTrait|Trait|component type)\b`)
	// setOutside is where the value of a template is set, at the end of a hint.
	setOutside = regexp.MustCompile(`, with spec[^,]* from spec\.\S+ of (Component|ReleaseBinding) \S+$`)
)

// afterEdit is the condition for a page's step, with the one object that the hint names.
func afterEdit(onlyIf, hint string) string {
	if onlyIf != anyEdited {
		return onlyIf
	}
	hint, _, _ = strings.Cut(hint, ". To roll back, ")
	if m := setOutside.FindStringSubmatch(hint); m != nil {
		hint = m[1]
	}
	kinds := edited.FindAllString(hint, -1)
	slices.Sort(kinds)
	kinds = slices.Compact(kinds)
	if len(kinds) > 1 { // the name of a kind is more than the words for it
		kinds = slices.DeleteFunc(kinds, func(kind string) bool {
			return kind == "component type" && slices.ContainsFunc(kinds, isType)
		})
	}
	if len(kinds) != 1 || kinds[0] == "ReleaseBinding" || kinds[0] == "component type" {
		return onlyIf
	}
	return "you edited the " + kinds[0]
}

func isType(kind string) bool {
	return strings.HasSuffix(kind, "ComponentType") || strings.HasSuffix(kind, "Trait")
}
