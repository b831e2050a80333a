package assess

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestStepsFitTheCause: what a finding offers changes the object or the file at fault, and its first command has what the message lacks.
func TestStepsFitTheCause(t *testing.T) {
	t.Parallel()
	for scenario, c := range map[string]struct {
		first string   // of the commands
		has   []string // in the hint, the changes and the commands
		lacks []string
	}{
		"sealed-not-owned": {
			"kubectl get secret sealed-not-owned-development-1d7fa1dc -n dp-operators-d-demo-development-922e3d28 -o jsonpath='{.metadata.managedFields[*].manager}'",
			[]string{"kubectl annotate secret sealed-not-owned-development-1d7fa1dc -n dp-operators-d-demo-development-922e3d28 sealedsecrets.bitnami.com/managed=true", "restart the controller"},
			[]string{"kubectl describe", "kubeseal"},
		},
		"job-failed": {
			"kubectl logs job-failed-development-df9eeac6-8vbtq -c main -n dp-fleet-demo-development-c1fe68be --tail=50",
			[]string{"its log names /etc/greeter/config.yaml, which does not exist", "of Workload fleet/job-failed-workload in Git, with mountPath /etc/greeter", "kubectl delete job job-failed-development-df9eeac6 -n dp-fleet-demo-development-c1fe68be"},
			[]string{"kubectl describe"},
		},
		"cron-job-failing": { // it creates another Job
			"kubectl logs cron-job-failing-development-0f28a4ee-29920913-cjvkd -c main -n dp-fleet-demo-development-c1fe68be --tail=50",
			[]string{"its log names /etc/greeter/config.yaml"},
			[]string{"delete job"},
		},
		"workloads-two": {
			"kubectl choreo lint", []string{"in Git, delete one of them. Release workloads-two-20261121-1 has what is in workloads-two-workload now"}, nil,
		},
		"bindings-two": {
			"kubectl get renderedreleases -n fleet -o 'custom-columns=Name:.metadata.name,Owner:.metadata.ownerReferences[0].name'",
			[]string{"What runs is rendered from bindings-two-development"},
			nil,
		},
		"secret-reference-key": {
			"kubectl choreo lint", []string{`add the key "password" to spec.data of it, or correct the key in variable PASSWORD in spec.container of the Workload`}, nil,
		},
		"connection-cycle": {
			"kubectl choreo trace connection-cycle-b -n fleet -e development",
			[]string{"declare endpoint http in spec.endpoints of Workload fleet/connection-cycle-workload and endpoint http in spec.endpoints of the Workload of connection-cycle-b in Git"},
			[]string{"or declare"},
		},
		"dependency-cycle": {
			"kubectl choreo lint", []string{"Kustomization flux-system/oc-depot-dependency-cycle depends on itself: remove this entry of spec.dependsOn; no label of this Kustomization shows what applies it"}, nil,
		},
		"cm-cluster-issuer-absent": {
			"kubectl get issuers -n dp-operators-d-demo-development-922e3d28", []string{"kubectl get clusterissuers"}, []string{"describe"},
		},
		"cm-issuer-not-ready": {
			"kubectl get issuers.cert-manager.io cm-issuer-not-ready-development-b0ebf81e -n dp-operators-d-demo-development-922e3d28 -o jsonpath='{.spec}'", nil, []string{"kubectl get clusterissuers"},
		},
		"cm-acme-unreachable": {
			"kubectl get issuers.cert-manager.io cm-acme-unreachable-development-e94659bf -n dp-operators-d-demo-development-922e3d28 -o jsonpath='{.spec}'", []string{"correct spec.acme.server of the issuer", "this address is that of cert-manager's own pod"}, []string{"make it reachable"},
		},
		"pod-image-pull": {
			"kubectl get componentreleases -n pod-image-pull", []string{"to the release before greeter-service-20261121-2 in Git"}, nil,
		},
		"sealed-key-absent": {
			"kubectl get secrets -A -l sealedsecrets.bitnami.com/sealed-secrets-key",
			[]string{"kubeseal --raw --scope strict --name sealed-key-absent-development-", "restore its Secret and restart the controller"},
			nil,
		},
		"sops-tampered": {
			"git log -p -- ./namespaces/operators-sops3/projects/demo/components/sops-tampered",
			[]string{"sops --decrypt"},
			[]string{"kubectl kustomize", "kubectl choreo lint", "spec.decryption"},
		},
		"sops-key-wrong": {
			"kubectl get kustomizations.kustomize.toolkit.fluxcd.io sops-key-wrong -n flux-system -o jsonpath='{.spec.decryption}'",
			[]string{"git log -p -- ./", "sops --decrypt", "spec.decryption.provider"},
			[]string{"kubectl kustomize", "kubectl choreo lint"},
		},
		"argo-field-pruned": {
			"argocd app diff argocd/argo-field-pruned", []string{"remove the field from Git", "spec.ignoreDifferences"}, []string{"argocd app sync"},
		},
		"applier-without-rights": {
			"kubectl get serviceaccount nobody -n flux-system",
			[]string{"correct spec.serviceAccountName of the Kustomization, or grant"},
			nil,
		},
		"cells-two": {
			"kubectl get renderedreleases -n fleet -o 'custom-columns=Name:.metadata.name,Owner:.metadata.ownerReferences[0].name'",
			[]string{"in Git, delete ProjectReleaseBinding fleet/demo-doubled: RenderedRelease fleet/p-demo-doubled-78ec12a3 is owned by ProjectReleaseBinding fleet/demo-doubled-again"},
			[]string{"that does not own"},
		},
		"es-namespace-denied": {
			"kubectl get clustersecretstores.external-secrets.io restricted -o jsonpath='{.spec.conditions}'",
			[]string{"ClusterSecretStore restricted admits only"},
			nil,
		},
		"es-merge-without-secret": {
			"kubectl get externalsecrets.external-secrets.io es-merge-without-secret-development-6bba91fe -n dp-operators-c-demo-development-39b1352c -o jsonpath='{.spec}'",
			[]string{"Secret es-merge-without-secret-", "set spec.target.creationPolicy to Owner"},
			nil,
		},
		"environment-absent": {
			"kubectl get environments -n environment-absent", []string{" does not list it in spec.promotionPaths"}, nil,
		},
		"kustomization-emptied": {
			"git log -- ./apart/kustomization-emptied", []string{"all that it had applied is deleted from the cluster, as spec.prune is true"}, nil,
		},
		"flux-instance-failed": {
			"kubectl get fluxinstance flux -n flux-system -o jsonpath='{.spec.distribution}'", []string{"correct the name or fix DNS"}, []string{"etworkPolic", "networkpolic"},
		},
		"helm-repository-unreachable": {
			"kubectl get helmrepositories.source.toolkit.fluxcd.io helm-repository-unreachable -n appliers -o jsonpath='{.spec}'",
			[]string{"the address is that of its own host: correct spec.url"},
			[]string{"networkpolic"},
		},
	} {
		s := factstest.Scenario(t, scenario)
		f := Assess(s, s.TakenAt).Failing
		if f == nil || len(f.Next) == 0 {
			t.Errorf("%s: no commands", scenario)
			continue
		}
		text := f.Hint + "\n" + strings.Join(f.Next, "\n") + changesOf(f)
		if f.Next[0] != c.first {
			t.Errorf("%s: %q comes first, want %q", scenario, f.Next[0], c.first)
		}
		for _, words := range c.has {
			if !strings.Contains(text, words) {
				t.Errorf("%s: want %q in\n%s", scenario, words, text)
			}
		}
		for _, words := range c.lacks {
			if strings.Contains(text, words) {
				t.Errorf("%s: want no %q in\n%s", scenario, words, text)
			}
		}
	}
}

func changesOf(f *trace.Failure) string {
	text := ""
	for _, change := range f.Changes {
		text += "\n" + change.Message
	}
	return text
}
