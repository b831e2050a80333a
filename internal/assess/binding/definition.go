package binding

import (
	"regexp"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// unknownField is how a server-side apply names a field that the definition lacks, after the version of the object
// (structured-merge-diff v6 typed; apimachinery v0.36 managedfields).
var unknownField = regexp.MustCompile(`; ([a-z0-9.-]+/v[a-z0-9]+), Kind=[A-Za-z]+\): ((?:\.[A-Za-z0-9]+(?:\[[^\]]*\])?)+): field not declared in schema`)

// readDefinition adds the command that reads the definition that the data plane lacks, or the fields that it has where one is missing.
func readDefinition(f *trace.Finding, ref facts.Ref, tail string) {
	line := ""
	if m := missingResource.FindStringSubmatch(tail); m != nil {
		line = command.Format("kubectl get crd %s", m[1])
	} else if m := unknownField.FindStringSubmatch(tail); m != nil {
		line = explainParent(ref, m[1], m[2])
	}
	if line != "" {
		f.NextSteps = []trace.NextStep{{Role: trace.RoleDataPlane, Plane: ref.Plane, Command: line}}
	}
}

// explainParent lists the fields beside one that is missing, such as those of spec.rules.filters for .spec.rules[0].filters[1].cors.
func explainParent(ref facts.Ref, version, path string) string {
	if _, isKnown := kinds.Lookup(ref.Group, ref.Kind); !isKnown { // its plural is not known
		return ""
	}
	plural, _, _ := strings.Cut(kinds.ResourceName(ref.Group, ref.Kind), ".")
	fields := regexp.MustCompile(`\[[^\]]*\]`).ReplaceAllString(path, "")
	return command.Format("kubectl explain %s --api-version=%s", plural+fields[:strings.LastIndex(fields, ".")], version)
}
