package cmdutil

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func TestFlagPlanes(t *testing.T) {
	t.Parallel()
	got, err := flagPlanes([]string{"eu=a", "shop/us=b=c"})
	if err != nil {
		t.Fatal(err)
	}
	want := []planeContext{{"eu", "a", "--plane"}, {"shop/us", "b=c", "--plane"}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(planeContext{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestPlaneRef(t *testing.T) {
	t.Parallel()
	for plane, want := range map[facts.Plane]facts.Ref{
		"eu":      {Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "ClusterDataPlane", Name: "eu"},
		"shop/us": {Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "DataPlane", Namespace: "shop", Name: "us"},
	} {
		if diff := cmp.Diff(want, planeRef(plane)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// TestRequirePlanes: of a file, a plane that neither an object nor an Environment names is refused, where all Environments were read.
func TestRequirePlanes(t *testing.T) {
	t.Parallel()
	environment := func(name, plane string) facts.Object {
		body := map[string]any{"spec": map[string]any{}}
		if plane != "" {
			kind, name := "DataPlane", plane
			if plane == "eu" {
				kind = "ClusterDataPlane"
			}
			body["spec"] = map[string]any{"dataPlaneRef": map[string]any{"kind": kind, "name": name}}
		}
		return facts.Object{Ref: facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Environment", Namespace: "shop", Name: name}, Outcome: facts.Found, Body: &unstructured.Unstructured{Object: body}}
	}
	all := facts.List{Query: facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Environment", Namespace: "shop"}, Outcome: facts.Found}
	forbidden, truncated, names := all, all, all
	forbidden.Outcome, truncated.Truncated, names.Query.Names = facts.Forbidden, true, true
	for name, c := range map[string]struct {
		plane string
		list  facts.List
		known facts.Outcome // of the plane's own object
		want  string
	}{
		"OfAnEnvironment":    {"eu=c", all, facts.NotAsked, ""},
		"NamespacedPlane":    {"shop/us=c", all, facts.NotAsked, ""},
		"DefaultPlane":       {"shop/default=c", all, facts.NotAsked, ""},
		"DefaultOfNamespace": {"default=c", all, facts.NotAsked, ""},
		"NotNamed":           {"ue=c", all, facts.NotAsked, `data plane "ue" not found; choose from default, eu, shop/default, shop/us`},
		"Elsewhere":          {"us=c", all, facts.NotAsked, `data plane "us" not found`},
		"ItsObjectIsKnown":   {"ue=c", all, facts.Found, ""},
		"MayNotBeRead":       {"ue=c", all, facts.Forbidden, ""},
		"Absent":             {"oo=c", all, facts.Absent, `data plane "oo" not found`},
		"ListForbidden":      {"ue=c", forbidden, facts.NotAsked, ""},
		"ListTooLong":        {"ue=c", truncated, facts.NotAsked, ""},
		"OnlyNames":          {"ue=c", names, facts.NotAsked, ""},
	} {
		s := facts.New(facts.Subject{Namespace: "shop"}, time.Time{})
		s.PutList(c.list, []facts.Object{environment("dev", "eu"), environment("prod", "us"), environment("test", "")})
		if c.known != facts.NotAsked {
			plane, _, _ := strings.Cut(c.plane, "=")
			s.Put(facts.Object{Ref: planeRef(facts.Plane(plane)), Outcome: c.known})
		}
		got := ""
		if err := (&Reader{Planes: []string{c.plane}}).RequirePlanes(t.Context(), nil, s); err != nil {
			got = err.Error()
		}
		if !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
