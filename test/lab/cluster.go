package lab

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/audit"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/kwok"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/pki"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/process"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/state"
)

// Users have a separate administrator token, so that the audit log records their requests only, not those of the lab's parts.
const (
	adminToken = "lab-admin"
	userToken  = "lab-user"
	tokensCSV  = adminToken + ",admin,admin,system:masters\n" + userToken + "," + audit.User + "," + audit.User + ",system:masters\n"
)

// startCluster starts one Kubernetes cluster: etcd, API server, controller manager, scheduler and kwok. name is "" for the control
// plane, else the name of a data plane; it is part of the process names.
func (s *starter) startCluster(ctx context.Context, name string) error {
	dir, err := s.startAPI(ctx, name)
	if err != nil {
		return err
	}
	kubeconfig := s.state.Planes[name].Kubeconfig
	common := []string{"--kubeconfig=" + kubeconfig, "--leader-elect=false", "--secure-port=0"}
	controllers := append(slices.Clone(common), "--service-account-private-key-file="+filepath.Join(dir, "sa.key"), "--authentication-kubeconfig="+kubeconfig,
		"--authorization-kubeconfig="+kubeconfig, "--node-monitor-grace-period="+nodeGrace.String(), "--kube-api-qps=200", "--kube-api-burst=400")
	if err := s.Run(ctx, &process.Part{Name: "kube-controller-manager" + suffix(name), Args: controllers}, time.Minute, process.Running); err != nil {
		return err
	}
	if err := s.Run(ctx, &process.Part{Name: "kube-scheduler" + suffix(name), Args: common}, time.Minute, process.Running); err != nil {
		return err
	}
	return s.startKwok(ctx, name, dir)
}

// startAPI starts etcd and the API server, and returns the folder of the cluster.
func (s *starter) startAPI(ctx context.Context, name string) (dir string, err error) {
	dir = filepath.Join(s.state.Dir, "cluster"+suffix(name))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("create the folder of cluster %q: %w", name, err)
	}
	etcdURL, err := s.startEtcd(ctx, name, dir)
	if err != nil {
		return "", err
	}
	return dir, s.startAPIServer(ctx, name, dir, etcdURL)
}

func suffix(name string) string {
	if name == "" {
		return ""
	}
	return "-" + name
}

func (s *starter) startEtcd(ctx context.Context, name, dir string) (string, error) {
	client, err := process.FreePort()
	if err != nil {
		return "", err
	}
	peer, err := process.FreePort()
	if err != nil {
		return "", err
	}
	url, peerURL := fmt.Sprintf("http://127.0.0.1:%d", client), fmt.Sprintf("http://127.0.0.1:%d", peer)
	// unsafe-no-fsync: on a slow disk the API server would not renew its leases in time. The lab's data need not survive a power failure.
	return url, s.Run(ctx, &process.Part{Name: "etcd" + suffix(name), Address: url, Args: []string{
		"--data-dir=" + filepath.Join(dir, "etcd"), "--listen-client-urls=" + url, "--advertise-client-urls=" + url,
		"--listen-peer-urls=" + peerURL, "--initial-advertise-peer-urls=" + peerURL, "--initial-cluster=default=" + peerURL, "--unsafe-no-fsync",
	}}, time.Minute, process.HTTPReady(url+"/health"))
}

func (s *starter) startAPIServer(ctx context.Context, name, dir, etcdURL string) error {
	port, err := process.FreePort()
	if err != nil {
		return err
	}
	private, public, err := pki.ServiceAccountKey(dir)
	if err != nil {
		return err
	}
	tokens := filepath.Join(dir, "tokens.csv")
	if err := os.WriteFile(tokens, []byte(tokensCSV), 0o600); err != nil {
		return fmt.Errorf("write tokens: %w", err)
	}
	server := fmt.Sprintf("https://127.0.0.1:%d", port)
	p := state.Plane{Kubeconfig: filepath.Join(dir, "kubeconfig"), UserKubeconfig: filepath.Join(dir, "user.kubeconfig"), Server: server, EtcdURL: etcdURL}
	s.state.Planes[name] = p
	for path, token := range map[string]string{p.Kubeconfig: adminToken, p.UserKubeconfig: userToken} {
		if err := writeKubeconfig(path, "lab"+suffix(name), server, &clientcmdapi.AuthInfo{Token: token}); err != nil {
			return err
		}
	}
	auditing, err := audit.Flags(dir)
	if err != nil {
		return err
	}
	return s.Run(ctx, &process.Part{Name: "kube-apiserver" + suffix(name), Address: server, Args: slices.Concat(auditing, []string{
		"--etcd-servers=" + etcdURL, "--cert-dir=" + dir, fmt.Sprintf("--secure-port=%d", port), "--bind-address=127.0.0.1",
		"--service-cluster-ip-range=10.96.0.0/16", "--service-account-issuer=https://kubernetes.default",
		"--service-account-signing-key-file=" + private, "--service-account-key-file=" + public,
		"--token-auth-file=" + tokens, "--authorization-mode=Node,RBAC",
		"--disable-admission-plugins=ServiceAccount", "--endpoint-reconciler-type=none",
		"--kubelet-preferred-address-types=InternalIP", "--event-ttl=4h",
	})}, 2*time.Minute, s.APIReady(name))
}

// writeKubeconfig writes a kubeconfig with one context. The API server's certificate is self-signed and for loopback.
func writeKubeconfig(path, context, server string, user *clientcmdapi.AuthInfo) error {
	config := clientcmdapi.NewConfig()
	config.Clusters[context] = &clientcmdapi.Cluster{Server: server, InsecureSkipTLSVerify: true}
	config.AuthInfos[context] = user
	config.Contexts[context] = &clientcmdapi.Context{Cluster: context, AuthInfo: context, Namespace: "default"}
	config.CurrentContext = context
	if err := clientcmd.WriteToFile(*config, path); err != nil {
		return fmt.Errorf("write kubeconfig: %w", err)
	}
	return nil
}

func (s *starter) startKwok(ctx context.Context, name, dir string) error {
	port, err := process.FreePort()
	if err != nil {
		return err
	}
	kubelets, err := pki.NewAuthority(dir, "kubelet-ca")
	if err != nil {
		return err
	}
	cert, key, err := kubelets.Issue("kubelet")
	if err != nil {
		return err
	}
	files := map[string]string{
		"kwok.yaml": kwok.Config(filepath.Join(dir, "container.log"), filepath.Join(dir, "crash.log")),
		"crash.log": kwok.CrashLog, "container.log": kwok.Log,
	}
	for file, text := range files {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			return fmt.Errorf("write %s: %w", file, err)
		}
	}
	address := fmt.Sprintf("127.0.0.1:%d", port)
	if err := s.Run(ctx, &process.Part{Name: "kwok" + suffix(name), Address: address, Args: []string{
		"--kubeconfig=" + s.state.Planes[name].Kubeconfig, "--manage-all-nodes=false", "--manage-nodes-with-label-selector=!" + lostNode, "--node-lease-duration-seconds=40", "--config=" + filepath.Join(dir, "kwok.yaml"),
		"--server-address=" + address, fmt.Sprintf("--node-port=%d", port), "--node-ip=127.0.0.1",
		"--tls-cert-file=" + cert, "--tls-private-key-file=" + key,
	}}, time.Minute, process.HTTPReady("http://"+address+"/healthz")); err != nil {
		return err
	}
	return s.Apply(ctx, name, nodes)
}

// nodeGrace is the node-monitor-grace-period. It is long because kwok's pods never become ready a second time, and heartbeats may be late
// on a busy machine.
const nodeGrace = 3 * time.Minute

// lostNode is the label of nodes that kwok ignores: their Lease is not renewed, and their pods do not terminate.
const lostNode = "lab.example.com/lost"

// LoseNode stops the heartbeats of a node. After nodeGrace it is NotReady.
func (l *Lab) LoseNode(ctx context.Context, name string) error {
	node := client.Object{Name: name}
	node.Kind.Kind = "Node"
	return l.Patch(ctx, node, fmt.Sprintf(`{"metadata":{"labels":{%q:"true"}}}`, lostNode))
}

const nodes = `
apiVersion: v1
kind: Node
metadata: {name: node-a, labels: {kubernetes.io/hostname: node-a}}
---
apiVersion: v1
kind: Node
metadata: {name: node-b, labels: {kubernetes.io/hostname: node-b}}
`
