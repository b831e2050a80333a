package resolve

import (
	"context"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// fakeSource has objects, and refuses some kinds.
type fakeSource struct {
	objects map[facts.Ref]facts.Object
	refused string
	reads   int
}

func (f *fakeSource) Get(_ context.Context, ref facts.Ref) facts.Object {
	f.reads++
	if ref.Kind == f.refused {
		return facts.Object{Ref: ref, Outcome: facts.Forbidden, Reason: "forbidden"}
	}
	if o, found := f.objects[ref]; found {
		return o
	}
	return facts.Object{Ref: ref, Outcome: facts.Absent}
}

func (f *fakeSource) List(_ context.Context, q facts.Query) (facts.List, []facts.Object) {
	f.reads++
	l := facts.List{Query: q, Outcome: facts.Found}
	if q.Kind == f.refused {
		l.Outcome, l.Reason = facts.Forbidden, "forbidden"
		return l, nil
	}
	var objects []facts.Object
	for ref, o := range f.objects {
		if name, byName := strings.CutPrefix(q.Fields, "metadata.name="); byName && ref.Name != name {
			continue
		}
		if ref.Plane == q.Plane && ref.Group == q.Group && ref.Kind == q.Kind && (q.Namespace == "" || q.Namespace == ref.Namespace) {
			objects = append(objects, o)
		}
	}
	return l, objects
}

func (f *fakeSource) Log(_ context.Context, q facts.LogQuery) facts.Log { return facts.Log{Query: q} }

// source reads objects from YAML documents; those in a namespace that begins with dp- are on plane.
func source(t *testing.T, plane facts.Plane, documents string) *fakeSource {
	t.Helper()
	f := &fakeSource{objects: map[facts.Ref]facts.Object{}}
	for _, document := range strings.Split(documents, "\n---\n") {
		body := &unstructured.Unstructured{}
		if err := yaml.Unmarshal([]byte(document), &body.Object); err != nil {
			t.Fatal(err)
		}
		ref := facts.Ref{Plane: facts.Control, Group: body.GroupVersionKind().Group, Kind: body.GetKind(), Namespace: body.GetNamespace(), Name: body.GetName()}
		if strings.HasPrefix(ref.Namespace, "dp-") {
			ref.Plane = plane
		}
		f.objects[ref] = facts.Object{Ref: ref, Outcome: facts.Found, Body: body}
	}
	return f
}

const shop = `apiVersion: openchoreo.dev/v1alpha1
kind: Project
metadata: {name: store, namespace: shop}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Component
metadata: {name: web, namespace: shop}
spec: {owner: {projectName: store}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Component
metadata: {name: api, namespace: shop}
spec: {owner: {projectName: store}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Component
metadata: {name: other, namespace: shop}
spec: {owner: {projectName: another}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: ReleaseBinding
metadata: {name: web-dev, namespace: shop}
spec: {environment: dev, owner: {projectName: store, componentName: web}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: ReleaseBinding
metadata: {name: other-dev, namespace: shop}
spec: {environment: dev, owner: {projectName: another, componentName: other}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: ReleaseBinding
metadata: {name: api-prod, namespace: shop}
spec: {environment: prod, owner: {projectName: store, componentName: api}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: RenderedRelease
metadata: {name: store-dev, namespace: shop}
spec: {environmentName: dev, owner: {projectName: store}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: ClusterDataPlane
metadata: {name: default}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec: {sourceRef: {kind: GitRepository, name: fleet}}
status: {inventory: {entries: [{id: shop_web_openchoreo.dev_Component, v: v1alpha1}, {id: shop_api-prod_openchoreo.dev_ReleaseBinding, v: v1alpha1}, {id: shop_x__ConfigMap, v: v1}, {id: shop_other_openchoreo.dev_Workload, v: v1alpha1}]}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Workload
metadata: {name: other, namespace: shop}
spec: {owner: {componentName: other}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Environment
metadata: {name: dev, namespace: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: user, namespace: dp-store-dev, ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: night, uid: a}]}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: fleet, namespace: flux-system}
---
apiVersion: v1
kind: Namespace
metadata: {name: dp-store-dev, labels: {openchoreo.dev/namespace: shop, openchoreo.dev/project: store, openchoreo.dev/environment: dev}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: night, namespace: dp-store-dev, labels: {openchoreo.dev/namespace: shop, openchoreo.dev/component: web, openchoreo.dev/environment: dev}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: night-1, namespace: dp-store-dev, ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: night, uid: a, controller: true}]}
---
apiVersion: v1
kind: Pod
metadata: {name: night-1-x, namespace: dp-store-dev, ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: no, uid: b}, {apiVersion: batch/v1, kind: Job, name: night-1, uid: a, controller: true}]}
---
apiVersion: v1
kind: Pod
metadata: {name: orphan, namespace: dp-store-dev, ownerReferences: [{apiVersion: batch/v1, kind: Job, name: gone, uid: a, controller: true}]}
---
apiVersion: v1
kind: Pod
metadata: {name: operated, namespace: dp-store-dev, ownerReferences: [{apiVersion: example.com/v1, kind: Gadget, name: g, uid: a, controller: true}]}
---
apiVersion: v1
kind: Pod
metadata: {name: circle, namespace: dp-store-dev, ownerReferences: [{apiVersion: v1, kind: Pod, name: circle, uid: a, controller: true}]}
---
apiVersion: v1
kind: Pod
metadata: {name: half, namespace: dp-store-dev, labels: {openchoreo.dev/component: web}}`
