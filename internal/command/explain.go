package command

import (
	"regexp"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// unknownField is how a server-side apply names a field that the definition lacks, after the version of the object
// (structured-merge-diff v6 typed; apimachinery v0.36 managedfields).
var unknownField = regexp.MustCompile(`; ([a-z0-9.-]+/v[a-z0-9]+), Kind=[A-Za-z]+\): ((?:\.[A-Za-z0-9]+(?:\[[^\]]*\])?)+): field not declared in schema`)

// ExplainParent lists the fields beside the one that a refusal names as unknown, such as those of spec.rules.filters for
// .spec.rules[0].filters[1].cors; "" where it names none.
func ExplainParent(ref facts.Ref, refusal string) string {
	m := unknownField.FindStringSubmatch(refusal)
	if _, isKnown := kinds.Lookup(ref.Group, ref.Kind); !isKnown || m == nil { // its plural is not known
		return ""
	}
	plural, _, _ := strings.Cut(kinds.ResourceName(ref.Group, ref.Kind), ".")
	fields := regexp.MustCompile(`\[[^\]]*\]`).ReplaceAllString(m[2], "")
	return Format("kubectl explain %s --api-version=%s", plural+fields[:strings.LastIndex(fields, ".")], m[1])
}
