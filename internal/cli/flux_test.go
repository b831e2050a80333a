package cli

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/fluxcd/pkg/apis/meta"
	authorizationv1 "k8s.io/api/authorization/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// fluxed is a cluster in which Flux handles each request for a run at once, and the user may annotate everything.
type fluxed struct {
	*cluster

	writing   sync.Mutex
	annotated []string // kinds and names
}

// gateFluxed serves a scenario in which objects can be reconciled.
func gateFluxed(t *testing.T, scenario string) (gated, *fluxed) {
	t.Helper()
	s := factstest.Scenario(t, scenario)
	f := &fluxed{cluster: newCluster(s.Objects())}
	server := httptest.NewServer(requestguard.Handler(t, f))
	t.Cleanup(server.Close)
	f.url = server.URL
	return gated{f.cluster, kubeconfig(t, map[string]*cluster{"control": f.cluster}), s.Subject.Namespace, nil}, f
}

func (f *fluxed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodPost:
		answer(w, http.StatusCreated, authorizationv1.SelfSubjectAccessReview{Status: authorizationv1.SubjectAccessReviewStatus{Allowed: true}})
	case http.MethodPatch:
		f.annotate(w, r)
	default:
		f.cluster.ServeHTTP(w, r)
	}
}

func (f *fluxed) annotate(w http.ResponseWriter, r *http.Request) {
	var patch struct {
		Metadata struct{ Annotations map[string]string }
	}
	_ = json.NewDecoder(r.Body).Decode(&patch)
	token := patch.Metadata.Annotations[meta.ReconcileRequestAnnotation]
	group, namespace, _, name := pathParts(r.URL.Path)
	f.change(func(objects []facts.Object) []facts.Object {
		for i, o := range objects {
			if o.Ref.Group != group || o.Ref.Namespace != namespace || o.Ref.Name != name || token == "" {
				continue
			}
			o.Body = o.Body.DeepCopy()
			o.Body.SetAnnotations(patch.Metadata.Annotations)
			version, _ := strconv.Atoi(o.Body.GetResourceVersion())
			o.Body.SetResourceVersion(strconv.Itoa(version + 1))
			_ = unstructured.SetNestedField(o.Body.Object, token, "status", "lastHandledReconcileAt")
			objects[i] = o
			f.writing.Lock()
			f.annotated = append(f.annotated, o.Ref.Kind+" "+o.Ref.Name)
			f.writing.Unlock()
			answer(w, http.StatusOK, o.Body.Object)
		}
		return objects
	})
}

// written is what was annotated, each once.
func (f *fluxed) written() string {
	f.writing.Lock()
	defer f.writing.Unlock()
	all := slices.Clone(f.annotated)
	slices.Sort(all)
	return strings.Join(slices.Compact(all), ", ")
}
