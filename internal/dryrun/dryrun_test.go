package dryrun

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
`

func details(kind, name string, fields ...string) *metav1.StatusDetails {
	d := &metav1.StatusDetails{Kind: kind, Name: name}
	for _, field := range fields {
		d.Causes = append(d.Causes, metav1.StatusCause{Field: field})
	}
	return d
}

type answerCase struct {
	before string
	text   string
	change func(*manifest.Repository)
	answer *metav1.Status
	want   string
	reason manifest.NotChecked
}

func answerCases() map[string]answerCase {
	const immutableMessage = `Deployment.apps "web" is invalid: spec.selector: Invalid value: "x": field is immutable`
	const cannot = `User "ci" cannot patch resource "deployments" in API group "apps" in the namespace "shop"`
	const cannotCreate = `User "ci" cannot create resource "deployments" in API group "apps" in the namespace "shop"`
	namespace := "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n---\n"
	force := func(r *manifest.Repository) { r.Kustomizations[0].Body.Object["spec"] = map[string]any{"force": true} }
	return map[string]answerCase{
		"Accepted":  {want: ""},
		"Immutable": {answer: &metav1.Status{Code: 422, Reason: metav1.StatusReasonInvalid, Message: immutableMessage, Details: details("Deployment", "web", "spec.selector")}, want: "error DryRunRefused a.yaml:6 Deployment shop/web is refused by the API server: " + immutableMessage},
		"Recreated": {answer: &metav1.Status{Code: 422, Reason: metav1.StatusReasonInvalid, Message: immutableMessage}, change: force, reason: manifest.Recreated},
		"InvalidAndForced": {
			answer: &metav1.Status{Code: 422, Reason: metav1.StatusReasonInvalid, Message: "spec.replicas: negative", Details: details("Deployment", "web", "spec.replicas")}, change: force,
			want: "error DryRunRefused a.yaml:5 Deployment shop/web is refused by the API server: spec.replicas: negative",
		},
		"Webhook":  {answer: &metav1.Status{Code: 403, Reason: metav1.StatusReasonForbidden, Message: `admission webhook "policy" denied the request: no`}, want: `error DryRunRefused a.yaml:1 Deployment shop/web is refused by the API server: admission webhook "policy" denied the request: no`},
		"Quota":    {answer: &metav1.Status{Code: 403, Reason: metav1.StatusReasonForbidden, Message: `deployments.apps "web" is forbidden: exceeded quota`}, want: `error DryRunRefused a.yaml:1 Deployment shop/web is refused by the API server: deployments.apps "web" is forbidden: exceeded quota`},
		"NoSchema": {answer: &metav1.Status{Code: 500, Message: `failed to create typed patch object: .spec.x: field not declared in schema`}, want: "error DryRunRefused a.yaml:1 Deployment shop/web is refused by the API server: failed to create typed patch object: .spec.x: field not declared in schema"},
		"Forbidden": {
			answer: &metav1.Status{Code: 403, Reason: metav1.StatusReasonForbidden, Message: `deployments.apps "web" is forbidden: ` + cannot}, want: "error Forbidden a.yaml:1 " + cannot, reason: manifest.Forbidden,
		},
		"ForbiddenToCreate": {
			answer: &metav1.Status{Code: 403, Reason: metav1.StatusReasonForbidden, Message: `deployments.apps "web" is forbidden: ` + cannotCreate + ": RBAC"}, want: "error Forbidden a.yaml:1 " + cannotCreate, reason: manifest.Forbidden,
		},
		"Unauthorized":      {answer: &metav1.Status{Code: 401, Reason: metav1.StatusReasonUnauthorized, Message: "Unauthorized"}, want: "error Forbidden a.yaml:1 Unauthorized", reason: manifest.Forbidden},
		"NoKind":            {answer: &metav1.Status{Code: 404}, want: "warning KindNotInstalled a.yaml:1 the cluster of context staging does not serve Deployment of apps/v1", reason: manifest.KindNotInstalled},
		"NoNamespace":       {answer: &metav1.Status{Code: 404, Reason: metav1.StatusReasonNotFound, Message: `namespaces "shop" not found`, Details: details("namespaces", "shop")}, want: `warning DryRunRefused a.yaml:1 Deployment shop/web is refused by the API server: namespaces "shop" not found`, reason: manifest.NamespaceNotFound},
		"NamespaceDeclared": {before: namespace, text: namespace + deployment, answer: &metav1.Status{Code: 404, Reason: metav1.StatusReasonNotFound, Message: `namespaces "shop" not found`, Details: details("namespaces", "shop")}, reason: manifest.NamespaceNotFound},
		"WebhookDown":       {answer: &metav1.Status{Code: 500, Reason: metav1.StatusReasonInternalError, Message: `failed calling webhook "x"`}, want: `error Unreachable :0 the API server of context staging has not checked 1 of 1 objects: failed calling webhook "x"`, reason: manifest.NoAnswer},
	}
}

// TestAnswers: refused, forbidden, not installed, without a namespace and without an answer are different facts.
func TestAnswers(t *testing.T) {
	t.Parallel()
	const path = "kustomize-controller: /apis/apps/v1/namespaces/shop/deployments/web"
	for name, c := range answerCases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := c.text
			if text == "" {
				text = deployment
			}
			now := repository(t, text)
			if c.change != nil {
				c.change(now)
			}
			answers := map[string]metav1.Status{}
			want := result{Counts: manifest.Against{Context: "staging", Changed: 1, NotChecked: map[manifest.NotChecked]int{}}, Sent: []string{path}}
			if c.answer != nil {
				answers["web"] = *c.answer
			}
			if c.want != "" {
				want.Findings = []string{c.want}
			}
			switch {
			case c.reason != "":
				want.Counts.NotChecked[c.reason] = 1
			case c.want != "":
				want.Counts.Refused = 1
			default:
				want.Counts.Accepted = 1
			}
			got, _, _ := checked(t, now, repository(t, c.before), answers)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestManyObjectsWithOneCause: a missing right, a missing kind and a silent server are one finding each.
func TestManyObjectsWithOneCause(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	answers := map[string]metav1.Status{}
	for i := range 3 {
		_, _ = fmt.Fprintf(&text, "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c%d, namespace: shop}\n", i)
		_, _ = fmt.Fprintf(&text, "---\napiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: s%d, namespace: shop}\n", i)
		answers[fmt.Sprintf("c%d", i)] = metav1.Status{Code: 403, Message: fmt.Sprintf(`configmaps "c%d" is forbidden: User "ci" cannot patch resource "configmaps" in API group "" in the namespace "shop"`, i)}
		answers[fmt.Sprintf("s%d", i)] = metav1.Status{Code: 404}
	}
	got, found, _ := checked(t, repository(t, text.String()), repository(t, ""), answers)
	want := []string{
		`error Forbidden a.yaml:2 User "ci" cannot patch resource "configmaps" in API group "" in the namespace "shop"`,
		"warning KindNotInstalled a.yaml:6 the cluster of context staging does not serve ScaledObject of keda.sh/v1alpha1",
	}
	if diff := cmp.Diff(want, got.Findings); diff != "" {
		t.Fatalf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"ConfigMap shop/c0", "ConfigMap shop/c1", "ConfigMap shop/c2"}, found[0].Names); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if want := "a dry-run needs the rights of an apply: grant patch and create on configmaps"; found[0].Hint != want {
		t.Errorf("hint %q, want %q", found[0].Hint, want)
	}
}

// silent is an API server that never answers.
type silent struct{ requests atomic.Int32 }

func (s *silent) Apply(context.Context, kinds.Kind, *unstructured.Unstructured, string) ([]byte, error) {
	s.requests.Add(1)
	return nil, errors.New("dial tcp: i/o timeout")
}

// TestSilentServer: each request would time out, so that no more are sent after the first ones.
func TestSilentServer(t *testing.T) {
	t.Parallel()
	changes := make([]Change, 100)
	s := &silent{}
	answers := Send(t.Context(), s, changes)
	if n := s.requests.Load(); n < inParallel || n > 2*inParallel {
		t.Errorf("%d requests, want about %d", n, inParallel)
	}
	found, counts := Judge("staging", &manifest.Repository{}, changes, answers)
	want := "the API server of context staging has not checked 100 of 100 objects: dial tcp: i/o timeout"
	if len(found) != 1 || found[0].Message != want || counts.NotChecked[manifest.NoAnswer] != 100 {
		t.Errorf("%+v %+v", found, counts)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s.requests.Store(0)
	if Send(ctx, s, changes); s.requests.Load() > 0 {
		t.Errorf("%d requests after an interruption", s.requests.Load())
	}
}

// TestBrokenConnection is no refusal.
func TestBrokenConnection(t *testing.T) {
	t.Parallel()
	got, _, _ := checked(t, repository(t, deployment), repository(t, ""), map[string]metav1.Status{"web": {}})
	if len(got.Findings) != 1 || !strings.HasPrefix(got.Findings[0], "error Unreachable :0 the API server of context staging has not checked 1 of 1 objects: ") {
		t.Errorf("%q", got.Findings)
	}
	if got.Counts.Refused != 0 {
		t.Errorf("%+v", got.Counts)
	}
}
