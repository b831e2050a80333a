package trace

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// resourceDrift compares the live object with what was rendered, in the fields that were rendered: OpenChoreo applies
// them by force at its next reconciliation (v1.2.3 renderedrelease/controller.go:293). Until then another value is in effect.
func (p *place) resourceDrift(j *judgement, o planeObject) {
	differ := slices.DeleteFunc(specDrift(o.declared, o.live.Body), func(path string) bool {
		return path == "spec.replicas" && p.autoscaled(o)
	})
	if len(differ) == 0 || j.Current == Behind {
		return
	}
	f := Finding{
		Code: CodeResourceDrift, Object: o.ref, Message: fmt.Sprintf("%s differs from what was rendered, in %s", o.ref, strings.Join(differ[:min(len(differ), 5)], ", ")),
		Hint: "somebody changed it on the plane; OpenChoreo takes it back at its next look, every five minutes",
	}
	managers := facts.SpecManagers(o.live.Body)
	for _, manager := range slices.Sorted(maps.Keys(managers)) {
		if set := managedOf(differ, managers[manager]); len(set) > 0 {
			f.Evidence = append(f.Evidence, Evidence{"metadata.managedFields[" + manager + "]", strings.Join(set, ", ")})
		}
	}
	p.wakes(&f, p.rendered.Ref)
	j.note(Warning, f)
}

// managedOf are the managed fields that hold one of the paths. Of a list, managedFields are kept as a whole.
func managedOf(paths, managed []string) []string {
	return slices.DeleteFunc(slices.Clone(managed), func(field string) bool {
		return !slices.ContainsFunc(paths, func(path string) bool {
			rest, below := strings.CutPrefix(path, field)
			return below && (rest == "" || rest[0] == '.' || rest[0] == '[')
		})
	})
}

// autoscaled reports whether an autoscaler sets the number of replicas: one of the release that has the object for its target, or one
// that set it on the plane, by the subresource scale.
func (p *place) autoscaled(o planeObject) bool {
	for manager, fields := range facts.SpecManagers(o.live.Body) {
		// The names of the field managers of kube-controller-manager and of KEDA's operator.
		if slices.Contains(fields, "spec.replicas") && (manager == "kube-controller-manager" || strings.HasPrefix(manager, "keda")) {
			return true
		}
	}
	return slices.ContainsFunc(p.planeObjects(), func(scaler planeObject) bool { return scales(scaler, o.ref) })
}

// scales reports whether an object that was rendered is an autoscaler of target. Without a kind, KEDA means a Deployment (keda v2.17
// apis/keda/v1alpha1/scaledobject_types.go; http-add-on v0.10 operator/apis/http/v1alpha1/httpscaledobject_types.go).
func scales(scaler planeObject, target facts.Ref) bool {
	switch scaler.ref.Kind {
	case "HorizontalPodAutoscaler", "ScaledObject", "HTTPScaledObject":
	default:
		return false
	}
	kind := orElse(kinds.Text(scaler.declared, "spec", "scaleTargetRef", "kind"), "Deployment")
	return scaler.ref.Namespace == target.Namespace && kind == target.Kind && kinds.Text(scaler.declared, "spec", "scaleTargetRef", "name") == target.Name
}
