package kinds

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"

	"github.com/kubectl-choreo/kubectl-choreo/internal/schemas"
)

// TestPathsOfKinds checks plurals and scopes against the conventions of Kubernetes, OpenChoreo and External Secrets.
// Cluster-scoped kinds of the latter two have the prefix Cluster.
func TestPathsOfKinds(t *testing.T) {
	t.Parallel()
	for groupKind, k := range table {
		if groupKind != k.GroupKind() {
			t.Errorf("%v stands at %v", k, groupKind)
		}
		plural, _ := meta.UnsafeGuessKindToResource(k.GroupVersionKind)
		if k.Kind == "Gateway" {
			plural.Resource = "gateways" // meta.UnsafeGuessKindToResource does not handle a y after a vowel
		}
		if k.Resource() != plural {
			t.Errorf("%v is read at %v, want %v", groupKind, k.Resource(), plural)
		}
		ofCluster := strings.HasPrefix(k.Kind, "Cluster") || k.Kind == "Node" || k.Kind == "Namespace"
		if k.Namespaced == ofCluster {
			t.Errorf("%v: namespaced %v", groupKind, k.Namespaced)
		}
	}
}

// TestVersionsOfKinds expects Kubernetes' own kinds in its scheme, and OpenChoreo's in its CRDs.
func TestVersionsOfKinds(t *testing.T) {
	t.Parallel()
	definitions := schemas.New()
	for _, k := range table {
		switch {
		case k.Group == OpenChoreo:
			// Release is the kind's name before v1.0.
			if !definitions.Knows(schemas.Newest, k.GroupVersionKind) && k.Kind != "Release" {
				t.Errorf("OpenChoreo does not define %v", k)
			}
		case !strings.Contains(k.Group, ".") || strings.HasSuffix(k.Group, ".k8s.io") && k.Group != GatewayAPI:
			if k.Group != ArgoCD && !scheme.Scheme.Recognizes(k.GroupVersionKind) {
				t.Errorf("Kubernetes does not serve %v", k)
			}
		}
	}
}

// TestVersionsOfRecordedObjects expects that the lab's controllers serve each object in the version of the table, and that each
// version of the table is served.
func TestVersionsOfRecordedObjects(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "scenarios", "*", "snapshot.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no snapshots: %v", err)
	}
	typed := regexp.MustCompile(`apiVersion: (\S+)\n +kind: (\S+)\n`)
	recorded := map[schema.GroupVersionKind]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range typed.FindAllSubmatch(text, -1) {
			recorded[schema.FromAPIVersionAndKind(string(m[1]), string(m[2]))] = true
		}
	}
	known := 0
	for gvk := range recorded {
		k, ok := Lookup(gvk.Group, gvk.Kind)
		if !ok {
			continue
		}
		known++
		if k.GroupVersionKind != gvk {
			t.Errorf("%v was recorded, and is asked for as %v", gvk, k)
		}
		if found, ok := LookupResource(k.Resource()); !ok || found != k {
			t.Errorf("%v is %v by its resource", k, found)
		}
	}
	if known < 50 {
		t.Errorf("only %d of the kinds that were recorded are known", known)
	}
}

// TestUnknownKinds expects that kinds outside the table have no path, above all Secrets, which are never read.
func TestUnknownKinds(t *testing.T) {
	t.Parallel()
	for _, gk := range []schema.GroupKind{{Kind: "Secret"}, {Group: "example.com", Kind: "Pod"}, {Group: Apps, Kind: "Pod"}, {}} {
		if k, ok := Lookup(gk.Group, gk.Kind); ok {
			t.Errorf("%v is %v", gk, k)
		}
	}
	for _, gvr := range []schema.GroupVersionResource{{Version: "v1", Resource: "secrets"}, {Version: "v2", Resource: "pods"}, {}} {
		if k, ok := LookupResource(gvr); ok {
			t.Errorf("%v is %v", gvr, k)
		}
	}
}
