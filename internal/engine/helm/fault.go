package helm

import (
	"fmt"
	"regexp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Patterns of Helm's errors about the values or the chart (helm v3 and v4 pkg/chart/common/util/jsonschema.go, pkg/engine, pkg/action).
var (
	valuesRejected  = regexp.MustCompile(`values don't meet the specifications of the schema`)
	valuesRequired  = regexp.MustCompile(`execution error at \(|executing "[^"]*" at <[^>]*\.Values\b`)
	templateInvalid = regexp.MustCompile(`parse error at \(|YAML parse error on |function "[^"]*" not defined`)
	tooNew          = regexp.MustCompile(`chart requires kubeVersion: `)
)

// fieldAtFault names the field of the HelmRelease to change, as far as the message shows whether the values or the chart are at fault.
func fieldAtFault(o facts.Object, message string) string {
	chart := "spec.chart.spec.version"
	if view.Nested(o, "spec", "chartRef") != nil {
		chart = "the version in the source of spec.chartRef"
	}
	switch {
	case valuesRejected.MatchString(message):
		return "the schema of the chart rejects the values: correct spec.values, or the objects of spec.valuesFrom"
	case valuesRequired.MatchString(message):
		return "a template of the chart fails with these values: correct spec.values, or the objects of spec.valuesFrom"
	case templateInvalid.MatchString(message):
		return fmt.Sprintf("a template of the chart is invalid: correct the chart, or choose another version in %s", chart)
	case tooNew.MatchString(message):
		return fmt.Sprintf("this version of the chart does not support the version of Kubernetes: choose another one in %s", chart)
	}
	return ""
}
