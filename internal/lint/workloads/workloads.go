// Package workloads has the rules about what runs: the values and ports of a Workload, and the Jobs of a component type.
package workloads

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Rules are about what a component is to run: the fields of one object.
func Rules() index.Rules {
	return index.Rules{
		Repository: []index.Rule{values, targetPorts, jobs},
	}
}

// values: an entry has a value, or takes one from a secret. Both are refused by the API server; with none of them it is
// empty when it runs, which is rarely meant.
func values(ix *index.Index) {
	for _, e := range ix.Entries() {
		_, value := e.Fields["value"]
		_, from := e.Fields["valueFrom"]
		switch {
		case value && from:
			ix.Report(e.Object, e.Path, trace.Error, trace.Finding{
				Code: trace.CodeValueAmbiguous, Message: fmt.Sprintf("%s has both value and valueFrom", e.Key),
				Hint: "the API server rejects it: remove one of them",
			})
		case !value && !from:
			ix.Report(e.Object, e.Path, trace.Warning, trace.Finding{
				Code: trace.CodeValueAmbiguous, Message: fmt.Sprintf("%s has neither value nor valueFrom", e.Key),
				Hint: `it is empty when it runs; say value: "" where that is meant`,
			})
		}
	}
}

// targetPorts: the NetworkPolicy that OpenChoreo renders opens the endpoint's port, but a policy is about the pod's port
// (openchoreo v1.2.3 internal/networkpolicy/networkpolicy.go:110).
func targetPorts(ix *index.Index) {
	for _, o := range ix.ByKind["Workload"] {
		endpoints, _, _ := unstructured.NestedMap(o.Body.Object, "spec", "endpoints")
		for name := range endpoints {
			port, _, _ := unstructured.NestedInt64(endpoints, name, "port")
			to, set, _ := unstructured.NestedInt64(endpoints, name, "targetPort")
			if set && to != port {
				ix.Report(o, "spec.endpoints["+name+"].targetPort", trace.Warning, trace.Finding{
					Code: trace.CodeTargetPortBlocked, Message: fmt.Sprintf("endpoint %s has port %d and targetPort %d", name, port, to),
					Hint: "the NetworkPolicy allows only the port, so connections from other components may be blocked: let the container listen on that port, or set port to that of the container",
				})
			}
		}
	}
}
