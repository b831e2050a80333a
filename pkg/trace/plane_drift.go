package trace

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
)

// resourceDrift holds the live object against what was rendered, in the fields that were rendered: OpenChoreo applies
// them by force at its next look (v1.2.3 renderedrelease/controller.go:293), and until then somebody else's value rules.
// A number of replicas belongs to an autoscaler where there is one.
func (p *place) resourceDrift(j *judgement, o planeObject) {
	rendered := o.declared.Object["spec"]
	var differ []string
	for _, path := range unlike("spec", rendered, o.live.Body.Object["spec"]) {
		if path != "spec.replicas" || !p.autoscaled() {
			differ = append(differ, path)
		}
	}
	if len(differ) == 0 || j.Current == Behind {
		return
	}
	f := Finding{
		Code: CodeResourceDrift, Object: o.ref, Message: fmt.Sprintf("%s differs from what was rendered, in %s", o.ref, strings.Join(differ[:min(len(differ), 5)], ", ")),
		Hint: "somebody changed it on the plane; OpenChoreo takes it back at its next look, every five minutes",
	}
	p.wakes(&f, p.rendered.Ref)
	j.note(Warning, f)
}

func (p *place) autoscaled() bool {
	return slices.ContainsFunc(p.planeObjects(), func(o planeObject) bool {
		return o.ref.Kind == "HorizontalPodAutoscaler" || o.ref.Kind == "ScaledObject" || o.ref.Kind == "HTTPScaledObject"
	})
}

// unlike lists the paths at which have lacks or contradicts what want says. What want does not say is not compared: the API
// server fills in defaults everywhere.
func unlike(path string, want, have any) []string {
	switch want := want.(type) {
	case map[string]any:
		fields, _ := have.(map[string]any)
		var differ []string
		for key, value := range want {
			if !empty(value) {
				differ = append(differ, unlike(path+"."+key, value, fields[key])...)
			}
		}
		slices.Sort(differ)
		return differ
	case []any:
		items, _ := have.([]any)
		if len(items) < len(want) {
			return []string{path}
		}
		var differ []string
		for i, value := range want {
			differ = append(differ, unlike(fmt.Sprintf("%s[%d]", path, i), value, items[i])...)
		}
		return differ
	}
	if reflect.DeepEqual(want, have) || sameQuantity(want, have) {
		return nil
	}
	return []string{path}
}

// empty values are dropped by the API server.
func empty(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return false
}

// sameQuantity: the API server writes 1000m as 1, and numbers in either form.
func sameQuantity(want, have any) bool {
	a, errA := resource.ParseQuantity(fmt.Sprint(want))
	b, errB := resource.ParseQuantity(fmt.Sprint(have))
	return errA == nil && errB == nil && a.Cmp(b) == 0
}
