package argocd_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/argocd"
)

// TestCharts: an Application has a source or several; an ApplicationSet has them in its template.
func TestCharts(t *testing.T) {
	t.Parallel()
	type fields = map[string]any
	chart := fields{"chart": "redis", "repoURL": "https://charts.example.com", "targetRevision": "1.x"}
	oci := fields{"repoURL": "oci://registry.example.com/charts/web", "targetRevision": "2.0.0"}
	redis, web := engine.Chart{Name: "redis", Version: "1.x"}, engine.Chart{Name: "oci://registry.example.com/charts/web", Version: "2.0.0"}
	for name, c := range map[string]struct {
		version, kind string
		spec          fields
		want          []engine.Chart
	}{
		"Source":         {"argoproj.io/v1alpha1", "Application", fields{"source": chart}, []engine.Chart{redis}},
		"Sources":        {"argoproj.io/v1alpha1", "Application", fields{"sources": []any{oci, chart}}, []engine.Chart{web, redis}},
		"Set":            {"argoproj.io/v1alpha1", "ApplicationSet", fields{"template": fields{"spec": fields{"source": oci}}}, []engine.Chart{web}},
		"SetWithout":     {"argoproj.io/v1alpha1", "ApplicationSet", fields{"source": oci}, nil},
		"None":           {"argoproj.io/v1alpha1", "Application", fields{}, nil},
		"Project":        {"argoproj.io/v1alpha1", "AppProject", fields{"source": chart}, nil},
		"OfAnotherGroup": {"app.k8s.io/v1beta1", "Application", fields{"source": chart}, nil},
	} {
		u := &unstructured.Unstructured{Object: fields{"apiVersion": c.version, "kind": c.kind, "spec": c.spec}}
		if diff := cmp.Diff(c.want, (argocd.Engine{}).Charts(u)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
