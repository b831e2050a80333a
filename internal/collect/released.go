package collect

import (
	"cmp"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect/operators"
	"github.com/kubectl-choreo/kubectl-choreo/internal/collect/request"
	"github.com/kubectl-choreo/kubectl-choreo/internal/collect/triage"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// requestReleased requests what the RenderedRelease created on the plane: its workloads by the uid with which OpenChoreo labels
// them, and its pods. All other kinds are read from what OpenChoreo reports of them, and requested only if the report is not
// healthy.
func (k planes) requestReleased(r facts.Object, plane facts.Plane) {
	namespace := ""
	for _, item := range kinds.Items(r.Body, "spec", "resources") {
		object := &unstructured.Unstructured{Object: kinds.Fields(item, "object")}
		if !kinds.RunsPods(object.GroupVersionKind().GroupKind()) {
			k.requestReportedUnhealthy(r, plane, kinds.String(item, "id"), object)
			continue
		}
		gvk := object.GroupVersionKind()
		namespace = object.GetNamespace()
		k.RequestList(facts.Query{
			Plane: plane, Group: gvk.Group, Kind: gvk.Kind, Namespace: namespace,
			Labels: request.HasLabel(kinds.LabelRenderedReleaseUID, string(r.Body.GetUID())),
		})
	}
	if namespace == "" {
		return
	}
	pods := k.podQuery(r, plane, namespace)
	k.RequestList(pods)
	k.requestPodProblems(plane, namespace, pods)
	if l := k.List(pods); l.Outcome == facts.Found && len(l.Items) == 0 {
		k.requestPlaneProof(r, plane)
	}
}

// requestPlaneProof requests any object of the Environment on the plane, if there is none of the component: then everything of
// the component was deleted, or the cluster that answers is not the plane. If there is none of either, the agent distinguishes a
// data plane from any other cluster.
func (k planes) requestPlaneProof(r facts.Object, plane facts.Plane) {
	for o := range k.Each() {
		if o.Ref.Plane == plane && o.Outcome == facts.Found && kinds.Label(o.Body, kinds.LabelRenderedReleaseUID) != "" {
			return
		}
	}
	environment := k.Object(k.Ref("Environment", kinds.Text(r.Body, "spec", "environmentName")))
	if environment.Outcome == facts.Found {
		k.RequestList(facts.Query{
			Plane: plane, Group: kinds.Apps, Kind: "Deployment", Names: true,
			Labels: kinds.LabelEnvironmentUID + "=" + string(environment.Body.GetUID()),
		})
		agent := kinds.DataPlaneAgent()
		k.RequestObject(facts.Ref{Plane: plane, Group: kinds.Apps, Kind: "Deployment", Namespace: agent.Namespace, Name: agent.Deployment})
	}
}

func (k planes) podQuery(r facts.Object, plane facts.Plane, namespace string) facts.Query {
	of := func(key string) string { return request.HasLabel(key, kinds.Label(r.Body, key)) }
	return facts.Query{
		Plane: plane, Kind: "Pod", Namespace: namespace,
		Labels: of(kinds.LabelComponent) + "," + of(kinds.LabelEnvironment) + "," + of(kinds.LabelProject),
	}
}

// requestReportedUnhealthy requests an object that was last reported as unhealthy, with its dependencies: OpenChoreo checks
// every five minutes, and it may be healthy by now.
func (k planes) requestReportedUnhealthy(r facts.Object, plane facts.Plane, id string, object *unstructured.Unstructured) {
	for _, entry := range kinds.Items(r.Body, "status", "resources") {
		if kinds.String(entry, "id") != id {
			continue
		}
		gvk := object.GroupVersionKind()
		switch (facts.Ref{Group: gvk.Group, Kind: gvk.Kind}) {
		case facts.Ref{Group: kinds.ExternalSecrets, Kind: "ExternalSecret"}:
			k.requestExternalSecret(plane, object, &unstructured.Unstructured{Object: entry})
			continue
		case facts.Ref{Group: kinds.Flagger, Kind: "Canary"}:
			operators.RequestCanary(k.Set, plane, object)
			continue
		case facts.Ref{Group: kinds.CertManager, Kind: "Certificate"}:
			operators.RequestIssuance(k.Set, plane, object)
		case facts.Ref{Group: kinds.KEDA, Kind: "ScaledObject"}:
			operators.RequestScaledObject(k.Set, plane, object, &unstructured.Unstructured{Object: entry})
		}
		if !triage.IsReportedUnhealthy(object.GetKind(), entry) {
			continue
		}
		if _, known := kinds.Lookup(gvk.Group, gvk.Kind); known {
			k.RequestObject(facts.Ref{Plane: plane, Group: gvk.Group, Kind: gvk.Kind, Namespace: object.GetNamespace(), Name: object.GetName()})
		}
		k.requestDependencies(plane, object)
		if object.GetKind() == "PersistentVolumeClaim" {
			k.requestWarnings(plane, object)
		}
	}
}

func (k planes) requestWarnings(plane facts.Plane, object *unstructured.Unstructured) {
	k.RequestList(facts.Query{
		Plane: plane, Kind: "Event", Namespace: object.GetNamespace(), Fields: request.WarningsOf(object.GetKind(), object.GetName()),
	})
}

// requestExternalSecret requests an ExternalSecret whose report is not enough. A report has no generation, which one that is synced only once
// needs. And it has no status once the Secret exists: External Secrets gives the Secret the labels of the ExternalSecret, and OpenChoreo,
// which finds an object by its label, takes the one for the other (external-secrets v0.16.2 pkg/controllers/externalsecret, openchoreo
// v1.2.3 internal/controller/renderedrelease/controller_status.go, buildResourceStatus).
func (k planes) requestExternalSecret(plane facts.Plane, object, reported *unstructured.Unstructured) {
	gvk := object.GroupVersionKind()
	ref := facts.Ref{Plane: plane, Group: gvk.Group, Kind: gvk.Kind, Namespace: object.GetNamespace(), Name: object.GetName()}
	if len(kinds.Fields(reported.Object, "status")) == 0 || kinds.SyncsOnce(object) {
		k.RequestObject(ref)
	}
	if live := k.Object(ref); live.Outcome == facts.Found {
		reported = live.Body
	}
	if triage.AnyNotTrue(reported) {
		k.RequestObject(ref)
		k.requestDependencies(plane, object)
		k.requestWarnings(plane, object)
	}
}

// requestDependencies requests the Gateways of a route and the store of an ExternalSecret.
func (k planes) requestDependencies(plane facts.Plane, object *unstructured.Unstructured) {
	for _, parent := range kinds.Items(object, "spec", "parentRefs") {
		namespace := kinds.String(parent, "namespace")
		if namespace == "" {
			namespace = object.GetNamespace()
		}
		k.RequestObject(facts.Ref{Plane: plane, Group: kinds.GatewayAPI, Kind: "Gateway", Namespace: namespace, Name: kinds.String(parent, "name")})
	}
	store := facts.Ref{
		Plane: plane, Group: kinds.ExternalSecrets, Kind: cmp.Or(kinds.Text(object, "spec", "secretStoreRef", "kind"), "SecretStore"),
		Namespace: object.GetNamespace(), Name: kinds.Text(object, "spec", "secretStoreRef", "name"),
	}
	if store.Kind == "ClusterSecretStore" {
		store.Namespace = ""
	}
	if _, known := kinds.Lookup(store.Group, store.Kind); known {
		k.RequestObject(store)
	}
}
