package flux

import (
	"regexp"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// sourceField names the field of a source that source-controller rejects, by the reason of the condition, or else by its message
// (source-controller v1.9.3 internal/controller).
func sourceField(kind string, c kinds.Condition) string {
	switch {
	case c.Reason == kinds.ReasonURLInvalid && strings.Contains(c.Message, "STS endpoint"):
		return "spec.sts.endpoint"
	case c.Reason == kinds.ReasonURLInvalid && kind == "HelmChart":
		return "spec.url of the HelmRepository in its spec.sourceRef"
	case c.Reason == kinds.ReasonURLInvalid && kind == "Bucket":
		return "spec.endpoint"
	case c.Reason == kinds.ReasonURLInvalid:
		return addressField
	case c.Reason == kinds.ReasonInvalidProviderConfiguration:
		return "spec.provider or spec.secretRef"
	case c.Reason == kinds.ReasonInvalidSTSConfiguration:
		return "spec.sts"
	case c.Reason == kinds.ReasonInvalidChartReference && strings.Contains(c.Message, "version"):
		return "spec.chart.spec.chart or spec.chart.spec.version of the HelmRelease"
	case c.Reason == kinds.ReasonInvalidChartReference:
		return "spec.chart.spec.chart of the HelmRelease"
	case c.Reason == meta.FeatureGateDisabledReason:
		return featureField(c.Message)
	}
	return "its spec"
}

var (
	secretNotFound = regexp.MustCompile(`secrets "[^"]*" not found$`)
	// healthExpression is how an expression of spec.healthCheckExprs is rejected (fluxcd/pkg runtime v0.110.1 cel/status_reader.go,
	// status_evaluator.go). The message names the field by its name in Go.
	healthExpression = regexp.MustCompile(`\bhealthchecks\[(\d+)\](?:: failed to parse the expression (Current|InProgress|Failed):)?`)
	// featureOf is the field that needs a feature gate.
	featureOf = regexp.MustCompile(`^to use (spec(?:\.[A-Za-z]+)+) `)
	// dependencyExpression is how an expression of spec.dependsOn is rejected (kustomize-controller v1.9.3
	// internal/controller/kustomization_controller.go, checkDependencies).
	dependencyExpression = regexp.MustCompile(`\bfailed to evaluate dependency ([a-z0-9.-]+): `)
	otherNamespace       = regexp.MustCompile(`^can't access '[^']*', cross-namespace references have been blocked`)
)

// stalledField names the field of a Kustomization that its controller rejects.
func stalledField(message string) string {
	if m := healthExpression.FindStringSubmatch(message); m != nil {
		field := "spec.healthCheckExprs[" + m[1] + "]"
		if m[2] != "" {
			field += "." + strings.ToLower(m[2][:1]) + m[2][1:]
		}
		return field
	}
	if m := dependencyExpression.FindStringSubmatch(message); m != nil {
		return "spec.dependsOn, the readyExpr of " + m[1] + ","
	}
	if otherNamespace.MatchString(message) {
		return "spec.sourceRef.namespace"
	}
	return featureField(message)
}

func featureField(message string) string {
	if m := featureOf.FindStringSubmatch(message); m != nil {
		return m[1] + ", or enable the feature gate of the controller,"
	}
	return "its spec"
}
