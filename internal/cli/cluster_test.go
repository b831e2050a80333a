package cli

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// cluster is an API server that serves objects of a recorded scenario.
type cluster struct {
	objects  []facts.Object
	unserved string // a kind, in the plural as in a path
	refused  string // "*", or a kind as above
	url      string
	down     atomic.Bool // it answers nothing but 503
	says     string      // what it adds to the words of each refusal
	logs     func(w http.ResponseWriter, r *http.Request, pod string)

	mu    sync.Mutex
	users []string // whom the requests impersonated, "" for nobody
	paths []string // what was asked
}

// serve starts a cluster that has the scenario's objects of one plane.
func serve(t *testing.T, scenario string, plane facts.Plane) *cluster {
	t.Helper()
	s := factstest.Scenario(t, scenario)
	return serveObjects(t, slices.DeleteFunc(s.Objects(), func(o facts.Object) bool { return o.Ref.Plane != plane }))
}

// serveObjects starts a cluster that has these, as far as they were found.
func serveObjects(t *testing.T, objects []facts.Object) *cluster {
	t.Helper()
	c := newCluster(objects)
	server := httptest.NewServer(requestguard.Handler(t, c))
	t.Cleanup(server.Close)
	c.url = server.URL
	return c
}

func newCluster(objects []facts.Object) *cluster {
	return &cluster{objects: slices.DeleteFunc(objects, func(o facts.Object) bool { return o.Outcome != facts.Found })}
}

func (c *cluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	c.users = append(c.users, r.Header.Get("Impersonate-User"))
	c.paths = append(c.paths, r.URL.Path)
	objects, refused := c.objects, c.refused
	c.mu.Unlock()
	group, namespace, plural, name := pathParts(r.URL.Path)
	switch {
	case c.down.Load():
		refuse(w, http.StatusServiceUnavailable, metav1.StatusReasonServiceUnavailable, "starting"+c.says)
		return
	case plural == c.unserved:
		http.NotFound(w, r)
		return
	case c.logs != nil && strings.HasSuffix(name, "/log"):
		c.logs(w, r, strings.TrimSuffix(name, "/log"))
		return
	case refused == "*" || plural == refused:
		refuse(w, http.StatusForbidden, metav1.StatusReasonForbidden, plural+" is forbidden: User \"nemo\" cannot list resource \""+plural+"\""+c.says)
		return
	}
	selector, err := labels.Parse(r.URL.Query().Get("labelSelector"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	wanted, byName := strings.CutPrefix(r.URL.Query().Get("fieldSelector"), "metadata.name=")
	items := []any{}
	for _, o := range objects {
		kind, _ := kinds.Lookup(o.Ref.Group, o.Ref.Kind)
		if o.Ref.Group != group || kind.Plural != plural || (namespace != "" && o.Ref.Namespace != namespace) {
			continue
		}
		if name == o.Ref.Name {
			answer(w, http.StatusOK, o.Body.Object)
			return
		}
		if (!byName || o.Ref.Name == wanted) && selector.Matches(labels.Set(o.Body.GetLabels())) {
			items = append(items, o.Body.Object)
		}
	}
	if name != "" {
		answer(w, http.StatusNotFound, metav1.Status{
			TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}, Status: metav1.StatusFailure, Code: http.StatusNotFound,
			Reason: metav1.StatusReasonNotFound, Message: name + " not found", Details: &metav1.StatusDetails{Name: name},
		})
		return
	}
	items, metadata := onePage(items, r.URL.Query())
	answer(w, http.StatusOK, map[string]any{"apiVersion": "v1", "kind": "List", "metadata": metadata, "items": items})
}

// onePage is what a list of at most limit items shows, and its metadata: what asks for the next page, and, unless the list selects,
// how many items are left.
func onePage(items []any, query url.Values) (page []any, metadata map[string]any) {
	limit, _ := strconv.Atoi(query.Get("limit"))
	from, _ := strconv.Atoi(query.Get("continue"))
	end := from + limit
	if limit == 0 || end >= len(items) {
		return items[from:], map[string]any{}
	}
	metadata = map[string]any{"continue": strconv.Itoa(end)}
	if query.Get("labelSelector") == "" {
		metadata["remainingItemCount"] = len(items) - end
	}
	return items[from:end], metadata
}

// change replaces the objects by what change makes of them. Clients learn of it at their next look: there are no watches.
func (c *cluster) change(change func([]facts.Object) []facts.Object) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.objects = change(slices.Clone(c.objects))
}

// refuses makes it refuse a kind from now on, or everything, or nothing.
func (c *cluster) refuses(plural string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refused = plural
}

// requests is how many there were so far.
func (c *cluster) requests() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.paths)
}

// place takes a path of the API apart; without a name it is a list.
func pathParts(path string) (group, namespace, plural, name string) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if parts[0] == "apis" {
		group, parts = parts[1], parts[1:]
	}
	parts = parts[2:]
	if parts[0] == "namespaces" && len(parts) > 2 {
		namespace, parts = parts[1], parts[2:]
	}
	return group, namespace, parts[0], strings.Join(parts[1:], "/")
}

func refuse(w http.ResponseWriter, code int32, reason metav1.StatusReason, message string) {
	answer(w, int(code), metav1.Status{
		TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}, Status: metav1.StatusFailure, Code: code, Reason: reason, Message: message,
	})
}

func answer(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(body)
}

// asked is whom the cluster was asked as, each once, and nothing where it was not asked.
func (c *cluster) asked() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	users := slices.Clone(c.users)
	slices.Sort(users)
	return slices.Compact(users)
}

// kubeconfig names the clusters by context. The current one is "control".
func kubeconfig(t *testing.T, clusters map[string]*cluster) string {
	t.Helper()
	config := clientcmdapi.NewConfig()
	config.CurrentContext = "control"
	for name, c := range clusters {
		config.Clusters[name] = &clientcmdapi.Cluster{Server: c.url}
		config.Contexts[name] = &clientcmdapi.Context{Cluster: name, Namespace: "healthy"}
	}
	path := filepath.Join(t.TempDir(), "kubeconfig")
	if err := clientcmd.WriteToFile(*config, path); err != nil {
		t.Fatal(err)
	}
	return path
}
