package view_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestDataPlane: an explicit reference means exactly that plane. Without one it is the DataPlane default of the namespace, if it is known
// whether there is one, else the ClusterDataPlane of that name.
func TestDataPlane(t *testing.T) {
	t.Parallel()
	const own = "{apiVersion: openchoreo.dev/v1alpha1, kind: DataPlane, metadata: {name: default, namespace: acme}}"
	const shared = "{apiVersion: openchoreo.dev/v1alpha1, kind: ClusterDataPlane, metadata: {name: default}}"
	named := func(ref string) string {
		return strings.TrimSuffix(environment, "}") + ", spec: {dataPlaneRef: {" + ref + "}}}"
	}
	for name, c := range map[string]struct {
		documents []string
		own       facts.Outcome // of the DataPlane default, unless it is one of the documents
		want      facts.Ref
		plane     facts.Plane
	}{
		"OfTheNamespace":   {[]string{environment, own, shared}, facts.Found, choreo("DataPlane", "default"), "acme/default"},
		"OfTheCluster":     {[]string{environment, shared}, facts.Absent, choreo("ClusterDataPlane", "default"), "default"},
		"NoSuchKind":       {[]string{environment, shared}, facts.NoKind, choreo("ClusterDataPlane", "default"), "default"},
		"NotRead":          {[]string{environment, shared}, facts.NotAsked, choreo("ClusterDataPlane", "default"), "default"},
		"Forbidden":        {[]string{environment, shared}, facts.Forbidden, choreo("DataPlane", "default"), "default"},
		"Unreachable":      {[]string{environment, shared}, facts.Unreachable, choreo("DataPlane", "default"), "default"},
		"Invalid":          {[]string{environment, shared}, facts.Invalid, choreo("DataPlane", "default"), "default"},
		"Named":            {[]string{named("name: eu"), own, shared}, facts.Found, choreo("DataPlane", "eu"), "acme/eu"},
		"NamedWithItsKind": {[]string{named("kind: ClusterDataPlane, name: eu"), own, shared}, facts.Found, choreo("ClusterDataPlane", "eu"), "eu"},
		"NamedAndAbsent":   {[]string{named("name: gone")}, facts.Absent, choreo("DataPlane", "gone"), "acme/gone"},
	} {
		s := newCluster(t, c.documents...)
		if c.own != facts.Found {
			s.answer("DataPlane", "default", c.own)
		}
		p := s.development()
		if got := p.DataPlane().Ref; got != c.want && c.own != facts.NotAsked || p.Plane() != c.plane {
			t.Errorf("%s: %s, plane %s; want %s, %s", name, got, p.Plane(), c.want, c.plane)
		}
	}
}

// TestBeforeCells: the versions before 1.2 do not have the kind of a cell.
func TestBeforeCells(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[facts.Outcome]bool{facts.NoKind: true, facts.Found: false, facts.Forbidden: false, facts.NotAsked: false} {
		s := newCluster(t)
		s.list(facts.Control, kinds.OpenChoreo, "ProjectReleaseBinding", "acme", outcome)
		if got := s.development().BeforeCells(); got != want {
			t.Errorf("%s: %t, want %t", outcome, got, want)
		}
	}
}

// TestCells are those of the project in the environment.
func TestCells(t *testing.T) {
	t.Parallel()
	const cell = "{apiVersion: openchoreo.dev/v1alpha1, kind: ProjectReleaseBinding, metadata: {name: web, namespace: acme}, spec: {environment: development, owner: {projectName: web}}}"
	s := newCluster(
		t, component, cell,
		strings.NewReplacer("name: web,", "name: p,", "environment: development", "environment: production").Replace(cell),
		strings.NewReplacer("name: web,", "name: o,", "projectName: web", "projectName: old").Replace(cell),
		strings.NewReplacer("namespace: acme", "namespace: other").Replace(cell),
	)
	if diff := cmp.Diff([]string{"web"}, names(s.development().Cells)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestUnreadBinding: whether there is a binding is unknown if the list, or one of its items, was not read.
func TestUnreadBinding(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		list facts.Outcome
		item facts.Outcome
		want facts.Outcome // NotAsked also stands for none
		is   bool
	}{
		"Read":             {facts.Found, facts.Found, facts.NotAsked, false},
		"NoList":           {facts.Absent, facts.NotAsked, facts.NotAsked, false},
		"ListForbidden":    {facts.Forbidden, facts.Found, facts.Forbidden, true},
		"ListNotRequested": {facts.NotAsked, facts.Found, facts.NotAsked, true},
		"ItemForbidden":    {facts.Found, facts.Forbidden, facts.Forbidden, true},
		"ItemUnreachable":  {facts.Found, facts.Unreachable, facts.Unreachable, true},
		"ItemInvalid":      {facts.Found, facts.Invalid, facts.Invalid, true},
		"ItemDeleted":      {facts.Found, facts.Absent, facts.NotAsked, false},
	} {
		s := newCluster(t)
		if s.answer("ReleaseBinding", "x", c.item); c.item == facts.Found {
			s.put(facts.Control, strings.Replace(binding, "shop-development", "x", 1))
		}
		s.list(facts.Control, kinds.OpenChoreo, "ReleaseBinding", "acme", c.list, choreo("ReleaseBinding", "x"))
		p := s.development()
		o, unread := p.UnreadBinding()
		if unread != c.is || o.Outcome != c.want {
			t.Errorf("%s: %s, %t; want %s, %t", name, o.Outcome, unread, c.want, c.is)
		}
		want := "no ReleaseBinding"
		if c.is {
			want = "unknown without the ReleaseBinding"
		}
		if got := p.WithoutBinding("no ReleaseBinding"); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// TestRenderedRelease is the one for the data plane that the binding owns.
func TestRenderedRelease(t *testing.T) {
	t.Parallel()
	whole := release("", "")
	for name, c := range map[string]struct{ from, to, want string }{
		"Owned":              {"", "", "shop-development"},
		"ForTheDataPlane":    {"spec: {", "spec: {targetPlane: dataplane, ", "shop-development"},
		"ForObservability":   {"spec: {", "spec: {targetPlane: observabilityplane, ", ""},
		"OfAnotherBinding":   {"uid: b1", "uid: b2", ""},
		"OfAnotherNamespace": {"namespace: acme", "namespace: other", ""},
	} {
		s := newCluster(t, component, binding, strings.Replace(whole, c.from, c.to, 1))
		if got := s.development().Rendered.Ref.Name; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if got := newCluster(t, whole).development().Rendered.Ref.Name; got != "" {
		t.Errorf("without a binding: %q", got)
	}
}

// TestLastChange is the newest of the object, of what applied the binding, and of the release that it pins.
func TestLastChange(t *testing.T) {
	t.Parallel()
	const pinned = "{apiVersion: openchoreo.dev/v1alpha1, kind: ComponentRelease, metadata: {name: shop-1, namespace: acme, creationTimestamp: <20m>}}"
	const applied = `{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: apps, namespace: flux-system},
		status: {conditions: [{type: Ready, status: "True", lastTransitionTime: <10m>}]}}`
	labeled := strings.Replace(binding, "uid: b1", "uid: b1, labels: {kustomize.toolkit.fluxcd.io/name: apps, kustomize.toolkit.fluxcd.io/namespace: flux-system}", 1)
	for want, documents := range map[string][]string{
		"40m": {binding, release("", "")},                  // the RenderedRelease
		"20m": {binding, release("", ""), pinned},          // the ComponentRelease
		"10m": {labeled, release("", ""), pinned, applied}, // the Kustomization
		"1h":  {binding},                                   // the binding itself
	} {
		p := newCluster(t, append(documents, component)...).development()
		if got := noon().Sub(p.LastChange(p.Rendered)).String(); !strings.HasPrefix(got, want) {
			t.Errorf("%s ago, want %s", got, want)
		}
	}
}
