package kube

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func components() facts.Query {
	return facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: "default"}
}

// event returns a line of a watch: an object of that name and owner.
func event(kind, name, owner, version string) string {
	return fmt.Sprintf(`{"type":%q,"object":{"apiVersion":"openchoreo.dev/v1alpha1","kind":"Component",`+
		`"metadata":{"name":%q,"namespace":"default","resourceVersion":%q,"managedFields":[{}],"generation":3},`+
		`"spec":{"owner":{"componentName":%q}}}}`, kind, name, version, owner) + "\n"
}

const bookmark = `{"type":"BOOKMARK","object":{"apiVersion":"openchoreo.dev/v1alpha1","kind":"Component","metadata":{"resourceVersion":"19"}}}` + "\n"

// watched returns the reported changes of a watch of q, in short form. The API server writes the lines and ends the watch.
func watched(t *testing.T, q facts.Query, lines ...string) ([]string, []string) {
	t.Helper()
	s, a := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) { body(w, 200, strings.Join(lines, "")) })
	var got []string
	err := s.Watch(t.Context(), q, "10", func(e Event) {
		line := e.Version + " " + e.Object.Outcome.String() + " " + e.Object.Ref.Name
		if u := e.Object.Body; u != nil {
			line += fmt.Sprintf(" generation %d, managed %v", u.GetGeneration(), u.GetManagedFields() != nil)
		}
		got = append(got, line)
	})
	if err != nil {
		t.Error(err)
	}
	return got, a.asked()
}

func TestWatchReportsWhatChanges(t *testing.T) {
	t.Parallel()
	q := components()
	q.Labels, q.Fields = "team=a", "metadata.name=greeter"
	got, asked := watched(t, q, event("ADDED", "greeter", "", "11"), event("MODIFIED", "greeter", "", "12"), bookmark, event("DELETED", "greeter", "", "20"))
	want := []string{
		"11 Found greeter generation 3, managed false", "12 Found greeter generation 3, managed false",
		"19 NotAsked ", "20 Absent greeter",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	u, err := url.ParseRequestURI(strings.TrimPrefix(asked[0], "GET "))
	if err != nil {
		t.Fatal(err)
	}
	parameters := u.Query()
	if seconds := parameters.Get("timeoutSeconds"); len(seconds) != 3 {
		t.Errorf("the watch is to last %q seconds", seconds)
	}
	parameters.Del("timeoutSeconds")
	if want := "allowWatchBookmarks=true&fieldSelector=metadata.name%3Dgreeter&labelSelector=team%3Da&resourceVersion=10&watch=true"; parameters.Encode() != want ||
		u.Path != "/apis/openchoreo.dev/v1alpha1/namespaces/default/components" {
		t.Errorf("asked %v", asked)
	}
}

func TestWatchOfAnOwnerReportsItsObjects(t *testing.T) {
	t.Parallel()
	q := components()
	q.Owner = "greeter"
	got, _ := watched(t, q, event("ADDED", "mine", "greeter", "11"), event("ADDED", "other", "other", "12"), event("MODIFIED", "mine", "other", "13"))
	if diff := cmp.Diff([]string{"11 Found mine generation 3, managed false", "12 Absent other", "13 Absent mine"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestWatchErrors(t *testing.T) {
	t.Parallel()
	expired := status(410, "Expired", "too old resource version: 10 (20)", "{}")
	for name, c := range map[string]struct {
		code int
		text string
		want func(error) bool
	}{
		"Forbidden":    {403, status(403, "Forbidden", "cannot watch", "{}"), apierrors.IsForbidden},
		"Expired":      {410, expired, apierrors.IsResourceExpired},
		"ExpiredLater": {200, event("ADDED", "a", "", "11") + `{"type":"ERROR","object":` + expired + "}\n", apierrors.IsResourceExpired},
		"NoKind":       {404, "404 page not found\n", apierrors.IsNotFound},
		"Throttled":    {429, status(429, "TooManyRequests", "too many requests", `{"retryAfterSeconds":3}`), apierrors.IsTooManyRequests},
		"Broken":       {503, status(503, "ServiceUnavailable", "down", "{}"), apierrors.IsServiceUnavailable},
		"Malformed":    {200, `{"type":"ADDED","object":{"kind":` + "\n" + `}`, apierrors.IsInternalError},
		"NoEvent":      {200, `{"type":"ADDED","object":{}}` + "\n", apierrors.IsInternalError},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) { body(w, c.code, c.text) })
			err := s.Watch(t.Context(), components(), "10", func(Event) {})
			if err == nil || !c.want(err) || !strings.HasPrefix(err.Error(), "watch Component: ") {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestSecretsAreNeverWatched(t *testing.T) {
	t.Parallel()
	s, a := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) { body(w, 200, "{}") })
	if err := s.Watch(t.Context(), facts.Query{Kind: "Secret", Namespace: "default"}, "1", func(Event) {}); err == nil || len(a.asked()) > 0 {
		t.Errorf("error %v after %v", err, a.asked())
	}
}

func TestListAtSaysWhen(t *testing.T) {
	t.Parallel()
	owned := components()
	owned.Owner = "greeter"
	paged := func(version, next string) string {
		return fmt.Sprintf(`{"apiVersion":"v1","kind":"List","metadata":{"resourceVersion":%q,"continue":%q},"items":[]}`, version, next)
	}
	for name, c := range map[string]struct {
		query   facts.Query
		answers []string
		want    string
	}{
		"List":  {components(), []string{paged("7", "")}, "7"},
		"Pages": {components(), []string{paged("7", "2"), paged("8", "")}, "7"},
		"Table": {owned, []string{strings.Replace(tableHead, `"metadata":{}`, `"metadata":{"resourceVersion":"7"}`, 1) + `]}`}, "7"},
		"NoTable": {
			owned,
			[]string{`{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"7"},"columnDefinitions":[],"rows":[]}`, paged("8", "")},
			"8",
		},
		"Forbidden": {components(), []string{`{}`}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := serve(t, func(w http.ResponseWriter, _ *http.Request, nth int) {
				if name == "Forbidden" {
					body(w, 403, status(403, "Forbidden", "no", "{}"))
					return
				}
				body(w, 200, c.answers[nth-1])
			})
			l, _, version := s.ListAt(t.Context(), c.query)
			if version != c.want || (l.Outcome == facts.Found) != (c.want != "") {
				t.Errorf("%s at %q, want %q", l.Outcome, version, c.want)
			}
		})
	}
}
