package collect

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect/request"
	"github.com/kubectl-choreo/kubectl-choreo/internal/fleet"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// hostileCluster returns recorded objects with other texts in some fields. Every selector selects everything.
type hostileCluster struct {
	objects []facts.Object
	become  func(path, text string) string
	crowded bool // lists exceed any small limit
}

func (c hostileCluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	items := []any{}
	for _, o := range c.objects {
		kind, known := kinds.Lookup(o.Ref.Group, o.Ref.Kind)
		if !known || o.Outcome != facts.Found {
			continue
		}
		object, ofNamespace, ofAll := placesOf(o.Ref, kind)
		switch r.URL.Path {
		case object:
			_ = json.NewEncoder(w).Encode(c.changed("", o.Body.Object))
			return
		case ofNamespace, ofAll:
			items = append(items, c.changed("", o.Body.Object))
		}
	}
	if strings.HasSuffix(r.URL.Path, "/log") {
		_, _ = w.Write([]byte(c.become("log", "last words")))
		return
	}
	metadata := map[string]any{}
	if c.crowded && r.URL.Query().Get("limit") == strconv.Itoa(request.ListLimit) {
		metadata["continue"] = "more"
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"apiVersion": "v1", "kind": "List", "metadata": metadata, "items": items})
}

// placesOf returns the paths of an object, of its kind in its namespace, and of its kind.
func placesOf(ref facts.Ref, kind kinds.Kind) (object, ofNamespace, ofAll string) {
	root := "/apis/" + kind.Group + "/" + kind.Version
	if kind.Group == kinds.Core {
		root = "/api/" + kind.Version
	}
	ofAll = root + "/" + kind.Plural
	ofNamespace = ofAll
	if kind.Namespaced {
		ofNamespace = root + "/namespaces/" + ref.Namespace + "/" + kind.Plural
	}
	return ofNamespace + "/" + ref.Name, ofNamespace, ofAll
}

func (c hostileCluster) changed(path string, v any) any {
	switch v := v.(type) {
	case string:
		return c.become(path, v)
	case map[string]any:
		changed := make(map[string]any, len(v))
		for key, value := range v {
			changed[key] = c.changed(path+"."+key, value)
		}
		return changed
	case []any:
		changed := make([]any, 0, len(v))
		for _, value := range v {
			changed = append(changed, c.changed(path, value))
		}
		return changed
	}
	return v
}

// RoundTrip implements http.RoundTripper without a network.
func (c hostileCluster) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	return w.Result(), nil
}

// collects reads the subject from the cluster; with everyWay it also reads it as part of a fleet, and its deliverers. The guard
// fails the test at an unintended request.
func (c hostileCluster) collects(tb testing.TB, subject facts.Subject, everyWay bool) {
	tb.Helper()
	config := &rest.Config{Host: "http://api", Transport: requestguard.Transport(tb, c)}
	source, err := kube.New(map[facts.Plane]*rest.Config{facts.Control: config}, kube.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := Run(tb.Context(), source, subject, takenAt()); err != nil {
		tb.Fatal(err)
	}
	if !everyWay {
		return
	}
	if _, err := Run(tb.Context(), fleet.New(source, fleet.Options{Whole: true}).For(subject), subject, takenAt()); err != nil {
		tb.Fatal(err)
	}
	if _, _, err := Deliverers(tb.Context(), source, Scope{Namespace: subject.Namespace}, takenAt()); err != nil {
		tb.Fatal(err)
	}
}

// fields returns the paths of all texts, each once.
func (c hostileCluster) fields() []string {
	seen := map[string]bool{}
	var paths []string
	all := hostileCluster{become: func(path, text string) string {
		if !seen[path] {
			seen[path] = true
			paths = append(paths, path)
		}
		return text
	}}
	for _, o := range c.objects {
		if o.Outcome == facts.Found {
			all.changed("", o.Body.Object)
		}
	}
	slices.Sort(paths)
	return paths
}
