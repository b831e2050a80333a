package lab

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	apiruntime "k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
	watchtools "k8s.io/client-go/tools/watch"
)

// clients of one plane.
type clients struct {
	dynamic dynamic.Interface
	mapper  *restmapper.DeferredDiscoveryRESTMapper
	raw     discovery.DiscoveryInterface
}

func (l *Lab) client(plane string) (*clients, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c := l.clients[plane]; c != nil {
		return c, nil
	}
	config, err := clientcmd.BuildConfigFromFlags("", l.state.Planes[plane].Kubeconfig)
	if err != nil {
		return nil, fmt.Errorf("read the kubeconfig of plane %q: %w", plane, err)
	}
	config.QPS = -1
	dyn, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("make a client: %w", err)
	}
	raw, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("make a client: %w", err)
	}
	c := &clients{dynamic: dyn, raw: raw, mapper: restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(raw))}
	l.clients[plane] = c
	return c, nil
}

func (l *Lab) apiReady(plane string) func(context.Context) error {
	return func(ctx context.Context) error {
		c, err := l.client(plane)
		if err != nil {
			return err
		}
		_, err = c.raw.RESTClient().Get().AbsPath("/readyz").DoRaw(ctx)
		return err
	}
}

// Object names one object of a plane.
type Object struct {
	Plane           string
	Kind            schema.GroupKind
	Namespace, Name string
}

func (o Object) String() string {
	return strings.TrimPrefix(o.Namespace+"/", "/") + o.Name + " (" + o.Kind.Kind + ")"
}

func (l *Lab) resource(o Object) (dynamic.ResourceInterface, error) {
	c, err := l.client(o.Plane)
	if err != nil {
		return nil, err
	}
	mapping, err := c.mapper.RESTMapping(o.Kind)
	if err != nil {
		c.mapper.Reset()
		if mapping, err = c.mapper.RESTMapping(o.Kind); err != nil {
			return nil, fmt.Errorf("find kind %s: %w", o.Kind, err)
		}
	}
	if mapping.Scope.Name() == meta.RESTScopeNameNamespace {
		return c.dynamic.Resource(mapping.Resource).Namespace(o.Namespace), nil
	}
	return c.dynamic.Resource(mapping.Resource), nil
}

// Get reads an object.
func (l *Lab) Get(ctx context.Context, o Object) (*unstructured.Unstructured, error) {
	r, err := l.resource(o)
	if err != nil {
		return nil, err
	}
	return r.Get(ctx, o.Name, metav1.GetOptions{})
}

// Patch applies a JSON merge patch to an object.
func (l *Lab) Patch(ctx context.Context, o Object, patch string) error {
	r, err := l.resource(o)
	if err != nil {
		return err
	}
	_, err = r.Patch(ctx, o.Name, types.MergePatchType, []byte(patch), metav1.PatchOptions{FieldManager: "lab"})
	return err
}

// PatchStatus applies a JSON merge patch to the status of an object, like its controller.
func (l *Lab) PatchStatus(ctx context.Context, o Object, patch string) error {
	r, err := l.resource(o)
	if err != nil {
		return err
	}
	_, err = r.Patch(ctx, o.Name, types.MergePatchType, []byte(patch), metav1.PatchOptions{FieldManager: "lab"}, "status")
	return err
}

// Delete deletes an object.
func (l *Lab) Delete(ctx context.Context, o Object) error {
	r, err := l.resource(o)
	if err != nil {
		return err
	}
	return r.Delete(ctx, o.Name, metav1.DeleteOptions{})
}

// WaitFor watches an object until holds returns nil; a nil object means that it does not exist. If ctx ends first, the error is
// the last one of holds.
func (l *Lab) WaitFor(ctx context.Context, o Object, holds func(*unstructured.Unstructured) error) error {
	r, err := l.resource(o)
	if err != nil {
		return err
	}
	byName := func(options *metav1.ListOptions) {
		options.FieldSelector = fields.OneTermEqualSelector("metadata.name", o.Name).String()
	}
	lw := &cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (apiruntime.Object, error) {
			byName(&options)
			return r.List(ctx, options)
		},
		WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
			byName(&options)
			return r.Watch(ctx, options)
		},
	}
	last := fmt.Errorf("it is not there")
	_, err = watchtools.UntilWithSync(ctx, lw, &unstructured.Unstructured{},
		func(store cache.Store) (bool, error) {
			if len(store.List()) == 0 {
				last = holds(nil)
			}
			return last == nil, nil
		},
		func(event watch.Event) (bool, error) {
			object, _ := event.Object.(*unstructured.Unstructured)
			if event.Type == watch.Deleted {
				object = nil
			}
			last = holds(object)
			return last == nil, nil
		})
	if last != nil {
		return fmt.Errorf("wait for %s: %w", o, last)
	}
	return err
}

// Apply applies manifests to a plane, server-side, with the real kubectl.
func (l *Lab) Apply(ctx context.Context, plane, manifests string) error {
	_, err := l.Kubectl(ctx, plane, manifests, "apply", "--server-side", "--force-conflicts", "--filename=-")
	return err
}

// Kubectl runs the real kubectl against a plane.
func (l *Lab) Kubectl(ctx context.Context, plane, stdin string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, l.state.Binaries["kubectl"], args...)
	cmd.Env = append(os.Environ(), "KUBECONFIG="+l.state.Planes[plane].Kubeconfig)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("kubectl %s: %w: %s", strings.Join(args, " "), err, lastLines(string(out), 10))
	}
	return string(out), nil
}
