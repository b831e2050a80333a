package openchoreoapi

import (
	"context"
	"errors"
	"io"
	"net/url"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

const (
	// pageSize is the most that the API returns at once, and maxPages bounds a list.
	pageSize = 100
	maxPages = 20
	// maxObject bounds the body of one object, and maxPage that of a page of a list.
	maxObject = 4 << 20
	maxPage   = 32 << 20
)

// served is how the API names a kind, and the parameter that selects an owner, "" for none (openchoreo v1.2.3 openapi/openchoreo-api.yaml).
type served struct{ plural, byOwner string }

func servedAs(kind string) (served, bool) {
	s, ok := map[string]served{
		"ClusterDataPlane": {"clusterdataplanes", ""}, "Component": {"components", ""}, "ComponentRelease": {"componentreleases", "component"},
		"DataPlane": {"dataplanes", ""}, "DeploymentPipeline": {"deploymentpipelines", ""}, "Environment": {"environments", ""},
		"Project": {"projects", ""}, "ProjectReleaseBinding": {"projectreleasebindings", "project"},
		"ReleaseBinding": {"releasebindings", "component"}, "Workload": {"workloads", "component"},
	}[kind]
	return s, ok
}

func (s served) path(namespace string, name ...string) []string {
	path := append([]string{s.plural}, name...)
	if namespace != "" {
		path = append([]string{"namespaces", namespace}, path...)
	}
	return path
}

// control reads one object of OpenChoreo. The API removes its generation, so an object that its controller has not observed looks current.
func (s *Source) control(ctx context.Context, ref facts.Ref) facts.Object {
	o := facts.Object{Ref: ref}
	refused := notTold(ref.Group, ref.Kind)
	if as, ok := servedAs(ref.Kind); ok && ref.Group == kinds.OpenChoreo {
		text := ""
		about := ref.Kind + " " + strings.TrimPrefix(ref.Namespace+"/"+ref.Name, "/")
		if text, refused = s.client.text(ctx, request{about, as.path(ref.Namespace, ref.Name), nil, maxObject}); refused == nil {
			if found, ok := controlObject(ref.Kind, ref.Namespace, gjson.Parse(text)); ok && found.Ref == ref {
				return found
			}
			refused = unknown("the answer is another object than %s", quoted(about))
		}
	}
	if rendered, ok := s.rendered(ctx, ref); ok {
		return rendered
	}
	o.Outcome, o.Reason = refused.outcome, refused.reason
	return o
}

// rendered reads a RenderedRelease that was listed before. It comes with the tree of its ReleaseBinding.
func (s *Source) rendered(ctx context.Context, ref facts.Ref) (facts.Object, bool) {
	for _, r := range s.releases.selected("", labels.Everything()) {
		if r.Ref == ref {
			a := s.branchOf(ctx, r)
			return renderedOf(r.binding, "", a.branch)
		}
	}
	return facts.Object{}, false
}

// controlList lists objects of OpenChoreo. The API leaves out those that the user may not view.
func (s *Source) controlList(ctx context.Context, q facts.Query, selector labels.Selector) (facts.List, []facts.Object) {
	l := facts.List{Query: q}
	var objects []facts.Object
	refused := notTold(q.Group, q.Kind)
	as, ok := servedAs(q.Kind)
	switch {
	case q.Group != kinds.OpenChoreo || q.Namespace == "":
	case q.Kind == "RenderedRelease":
		objects, refused = s.renderedList(ctx, q, selector)
	case ok:
		objects, l.Truncated, refused = s.pages(ctx, q, as)
	}
	if refused != nil {
		return facts.List{Query: q, Outcome: refused.outcome, Reason: refused.reason}, nil
	}
	l.Outcome = facts.Found
	kept := objects[:0]
	for _, o := range objects {
		if selector.Matches(labels.Set(o.Body.GetLabels())) && (q.Owner == "" || ownerOf(o) == q.Owner) {
			kept, l.Items = append(kept, o), append(l.Items, o.Ref)
		}
	}
	if len(l.Items) == 0 {
		none := unknown("it returns no %s of namespace %s that you may view", quoted(q.Kind), quoted(q.Namespace))
		return facts.List{Query: q, Outcome: none.outcome, Reason: none.reason}, nil
	}
	l.Truncated = true
	if q.Limit > 0 && len(l.Items) > q.Limit {
		l.Items, kept = nil, nil
	} else if q.Names || q.Owner != "" { // of these the objects are requested one by one
		kept = nil
	}
	return l, kept
}

func ownerOf(o facts.Object) string {
	if o.Ref.Kind == "ProjectReleaseBinding" {
		return kinds.Text(o.Body, "spec", "owner", "projectName")
	}
	return kinds.Text(o.Body, "spec", "owner", "componentName")
}

func (s *Source) pages(ctx context.Context, q facts.Query, as served) (objects []facts.Object, truncated bool, refused *refusal) {
	query := url.Values{"limit": {strconv.Itoa(pageSize)}}
	if as.byOwner != "" && q.Owner != "" {
		query.Set(as.byOwner, q.Owner)
	}
	for range maxPages {
		text, refused := s.client.text(ctx, request{q.Kind + " of namespace " + q.Namespace, as.path(q.Namespace), query, maxPage})
		if refused != nil {
			return nil, false, refused
		}
		items := gjson.Get(text, "items")
		if !items.IsArray() {
			return nil, false, unknown("the answer is no list of %s", quoted(q.Kind))
		}
		for _, item := range items.Array() {
			if o, ok := controlObject(q.Kind, q.Namespace, item); ok {
				objects = append(objects, o)
			}
		}
		next := gjson.Get(text, "pagination.nextCursor").Str
		if next == "" {
			return objects, false, nil
		}
		query.Set("cursor", next)
	}
	return objects, true, nil
}

// renderedList are the RenderedReleases of a component: the API has them in the trees of its ReleaseBindings.
func (s *Source) renderedList(ctx context.Context, q facts.Query, selector labels.Selector) ([]facts.Object, *refusal) {
	component, ok := selector.RequiresExactMatch(kinds.LabelComponent)
	if !ok {
		return nil, notTold(q.Group, q.Kind)
	}
	as, _ := servedAs("ReleaseBinding")
	bindings, truncated, refused := s.pages(ctx, facts.Query{Kind: "ReleaseBinding", Namespace: q.Namespace, Owner: component}, as)
	if truncated || refused != nil {
		return nil, refused
	}
	var objects []facts.Object
	for _, b := range bindings {
		of := binding{b.Ref.Namespace, b.Ref.Name}
		t, refused := s.trees.of(ctx, of)
		if refused != nil {
			return nil, refused
		}
		for _, found := range t {
			if o, ok := renderedOf(of, string(b.Body.GetUID()), found); ok {
				objects = append(objects, o)
			}
		}
	}
	return objects, nil
}

// renderedOf is the RenderedRelease of a branch. The API removes its owner, and returns it only below its owner.
func renderedOf(of binding, uid string, b branch) (facts.Object, bool) {
	o, ok := controlObject("RenderedRelease", of.namespace, gjson.Parse(b.json))
	if ok {
		isController := true
		o.Body.SetOwnerReferences([]metav1.OwnerReference{{
			APIVersion: o.Body.GetAPIVersion(), Kind: "ReleaseBinding", Name: of.name, UID: types.UID(uid), Controller: &isController,
		}})
	}
	return o, ok
}

// controlObject is an object of an answer, if it is one of a kind and a namespace.
func controlObject(kind, namespace string, item gjson.Result) (facts.Object, bool) {
	ref := facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Namespace: item.Get("metadata.namespace").Str, Name: strings.Clone(item.Get("metadata.name").Str)}
	group, _, _ := strings.Cut(item.Get("apiVersion").Str, "/")
	if !item.IsObject() || group != kinds.OpenChoreo || item.Get("kind").Str != kind || ref.Namespace != namespace || reference.Object(ref) != nil {
		return facts.Object{}, false
	}
	ref.Namespace = namespace
	o := facts.Encode(ref, "", strings.Clone(item.Raw)).Object()
	return o, o.Outcome == facts.Found && o.Body != nil
}

// text is the JSON that answers a request.
func (c *client) text(ctx context.Context, of request) (text string, refused *refusal) {
	refused = c.do(ctx, of, func(r io.Reader) (err error) {
		text, err = readJSON(r)
		return err
	})
	return text, refused
}

func readJSON(r io.Reader) (string, error) {
	body, err := io.ReadAll(r)
	if err != nil {
		return "", err //nolint:wrapcheck // the error of the client names what was read
	}
	text := strings.ToValidUTF8(string(body), "\uFFFD")
	if !gjson.Valid(text) {
		return "", errors.New("it is no JSON")
	}
	return text, nil
}
