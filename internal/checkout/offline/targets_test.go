package offline

import (
	"testing"

	kustomize "sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/resid"
)

func target(group, version, kind, name string) Target {
	return Target{Selector: kustomize.Selector{ResId: resid.NewResId(resid.NewGvk(group, version, kind), name)}}
}

// built are the objects of a build: a Deployment with a prefix, and a Certificate.
func built() []resid.ResId {
	return []resid.ResId{resid.NewResId(resid.NewGvk("apps", "v1", "Deployment"), "dev-front"), resid.NewResId(resid.NewGvk("cert-manager.io", "v1", "Certificate"), "tls")}
}

// TestSelects: kinds and names are regular expressions for the whole text; a name may be that from before a prefix was added.
func TestSelects(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		target Target
		want   bool
	}{
		"Kind":          {target("", "", "Deployment", ""), true},
		"Name":          {target("", "", "", "dev-front"), true},
		"WithoutPrefix": {target("", "", "Deployment", "front"), true},
		"Expression":    {target("", "", "Deployment", "dev-.*"), true},
		"Alternatives":  {target("", "", "StatefulSet|Deployment", ""), true},
		"Group":         {target("apps", "v1", "Deployment", ""), true},
		"OtherGroup":    {target("batch", "", "Deployment", ""), false},
		"OtherVersion":  {target("apps", "v1beta1", "Deployment", ""), false},
		"OtherKind":     {target("", "", "Deploymet", ""), false},
		"PartOfKind":    {target("", "", "Deploy", ""), false},
		"OtherName":     {target("", "", "Deployment", "back"), false},
		"NameOfAnother": {target("", "", "Deployment", "tls"), false},
		"Invalid":       {target("", "", "Deploy(", ""), true}, // kustomize reports it
	} {
		if got := c.target.Selects(built()); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestNear: one letter or another case of the kind or the group. An expression may mean anything.
func TestNear(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		target Target
		want   string
	}{
		"Letter":       {target("", "", "Deploymnt", ""), "Deployment.apps"},
		"Case":         {target("", "", "deployment", ""), "Deployment.apps"},
		"Group":        {target("cert-manager.com", "", "Certificate", ""), ""}, // three letters
		"LetterOfIt":   {target("cert-manger.io", "", "Certificate", ""), "Certificate.cert-manager.io"},
		"Version":      {target("", "v1", "Deploymnt", ""), "Deployment.apps"},
		"OtherVersion": {target("", "v2", "Deploymnt", ""), ""},
		"TwoLetters":   {target("", "", "Deploymt", ""), ""},
		"Expression":   {target("", "", "Deploymen.", ""), "Deployment.apps"}, // a dot is a letter as well
		"Pattern":      {target("", "", "Deploymen*", ""), ""},
	} {
		if got := c.target.Near(built()); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestNearKind: only a long name that is no known kind can be a mistyped one.
func TestNearKind(t *testing.T) {
	t.Parallel()
	known := map[string]bool{"Deployment": true, "Ingress": true, "Component": true}
	for kind, want := range map[string]string{
		"Deploymant": "Deployment", "Componnt": "Component", "Deployment": "", "Ingres": "", "Ingresss": "Ingress", "Thing": "", "Deploymen.*": "", "Something": "", "": "",
	} {
		if got := target("", "", kind, "").NearKind(known); got != want {
			t.Errorf("%s: %q, want %q", kind, got, want)
		}
	}
}
