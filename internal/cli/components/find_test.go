package components

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// listed answers each list with the same Components.
type listed struct {
	outcome facts.Outcome
	reason  string
	query   facts.Query // the last one
}

func (c *listed) Get(_ context.Context, ref facts.Ref) facts.Object {
	return facts.Object{Ref: ref, Outcome: facts.Absent}
}
func (c *listed) Log(_ context.Context, q facts.LogQuery) facts.Log { return facts.Log{Query: q} }

func (c *listed) List(_ context.Context, q facts.Query) (facts.List, []facts.Object) {
	c.query = q
	l := facts.List{Query: q, Outcome: c.outcome, Reason: c.reason}
	if c.outcome != facts.Found {
		return l, nil
	}
	return l, []facts.Object{component("shop", "cart", "demo", "web"), component("shop", "pay", "demo", "db"), component("shop", "ads", "other", "web")}
}

func component(namespace, name, project, tier string) facts.Object {
	body := &unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{"owner": map[string]any{"projectName": project}}}}
	body.SetLabels(map[string]string{"tier": tier})
	return facts.Object{Ref: facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: namespace, Name: name}, Outcome: facts.Found, Body: body}
}

// TestFind: names are taken as they are, without a request; the others are the components of the project and with the labels.
func TestFind(t *testing.T) {
	t.Parallel()
	for args, c := range map[string]struct {
		outcome facts.Outcome
		want    []string
		err     string
	}{
		"a b":                 {facts.Forbidden, []string{"shop/a ", "shop/b "}, ""},
		"":                    {facts.Found, []string{"shop/cart demo", "shop/pay demo", "shop/ads other"}, ""},
		"-p demo":             {facts.Found, []string{"shop/cart demo", "shop/pay demo"}, ""},
		"-l tier=web":         {facts.Found, []string{"shop/cart demo", "shop/ads other"}, ""},
		"-p demo -l tier=web": {facts.Found, []string{"shop/cart demo"}, ""},
		"-l tier=none":        {facts.Found, nil, "no component found with labels tier=none in namespace shop; use names, -n, -p, -l or -A"},
		"-A -p gone":          {facts.Found, nil, "no component found in project gone, in any namespace; choose from demo, other"},
		"-p demo -e dev":      {facts.Forbidden, nil, "components is forbidden; ask an administrator"},
		"-e dev":              {facts.Unreachable, nil, "cannot reach the cluster at https://c: components is forbidden"},
	} {
		r, err := completed(t, strings.Fields(args)...)
		if err != nil {
			t.Fatal(err)
		}
		r.Subject.Namespace, r.Host = "shop", "https://c"
		source := &listed{outcome: c.outcome, reason: "components is forbidden"}
		subjects, err := r.Find(t.Context(), source)
		if got := message(err); !strings.HasPrefix(got, c.err) || c.err == "" && got != "" {
			t.Errorf("%q: %q, want %q", args, got, c.err)
		}
		var got []string
		for _, s := range subjects {
			got = append(got, s.Namespace+"/"+s.Component+" "+s.Project)
			if diff := cmp.Diff(r.Subject.Environments, s.Environments); diff != "" {
				t.Errorf("%q (-want +got)\n%s", args, diff)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q (-want +got)\n%s", args, diff)
		}
		if want := map[bool]string{false: "shop", true: ""}[r.AllNamespaces]; source.query.Kind != "" && source.query.Namespace != want {
			t.Errorf("%q lists namespace %q, want %q", args, source.query.Namespace, want)
		}
	}
}

// TestFindWithoutTime: a list that the end of the time has cut short has no components to speak of.
func TestFindWithoutTime(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for outcome, want := range map[facts.Outcome]string{
		facts.Found:       "cannot list components: context canceled",
		facts.Unreachable: "cannot list components: context canceled; before: no route",
	} {
		r, err := completed(t)
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.Find(ctx, &listed{outcome: outcome, reason: "no route"})
		if got := message(err); got != want {
			t.Errorf("%s: %q, want %q", outcome, got, want)
		}
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
