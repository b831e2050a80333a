package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// TestMeasureFleet prints the cost of verifying fleets, compared with only reading the same lists.
func TestMeasureFleet(t *testing.T) {
	if !*measure {
		t.Skip("only with -measure")
	}
	fmt.Println("| components × 3 environments | lists only | verify | peak memory |")
	for _, size := range []int{300, 2000} {
		t.Run(fmt.Sprint(size), func(t *testing.T) { measureFleet(t, size) })
	}
}

func measureFleet(t *testing.T, size int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
	defer cancel()
	bare, err := shared.lab.BareCluster(ctx, filepath.Join(t.TempDir(), "bare"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := bare.Down(context.WithoutCancel(ctx)); err != nil {
			t.Error(err)
		}
	}()
	if err := bare.FillFleet(ctx, filepath.Join("..", "..", "..", "testdata", "scenarios", "healthy", "snapshot.yaml"), size); err != nil {
		t.Fatal(err)
	}
	listing, wall, peak := time.Hour, time.Hour, int64(0)
	for range 5 {
		listing = min(listing, timeLists(ctx, t, bare.Kubeconfig("")))
		took, high := runTimed(t, bare.Kubeconfig(""), "verify", "-n", "healthy", "--timeout", "0")
		wall, peak = min(wall, took), max(peak, high)
	}
	fmt.Printf("| %d | %.2f s | %.2f s | %.0f MB |\n", size, listing.Seconds(), wall.Seconds(), float64(peak)/1024)
}

// timeLists returns how long it takes to read, in parallel, the lists that verify reads.
func timeLists(ctx context.Context, t *testing.T, kubeconfig string) time.Duration {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	const choreo = "/apis/openchoreo.dev/v1alpha1/namespaces/healthy/"
	lists := []string{choreo + "components", choreo + "workloads", choreo + "releasebindings", choreo + "componentreleases", choreo + "renderedreleases"}
	for _, cell := range []string{"dp-healthy-demo-development-d0f38952", "dp-healthy-demo-staging-5b9d6ed0", "dp-healthy-demo-production-5b9d6ed0"} {
		lists = append(lists, "/api/v1/namespaces/"+cell+"/pods", "/apis/apps/v1/namespaces/"+cell+"/deployments")
	}
	begin := time.Now()
	var group errgroup.Group
	for _, list := range lists {
		group.Go(func() error { return fetchPages(ctx, client, config.Host+list) })
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	return time.Since(begin)
}

// fetchPages reads a list in pages of client-go's size, and parses only the continue token.
func fetchPages(ctx context.Context, client *http.Client, list string) error {
	next := ""
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, list+"?limit=500&continue="+url.QueryEscape(next), nil)
		if err != nil {
			return err
		}
		response, err := client.Do(request)
		if err != nil {
			return err
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK {
			return fmt.Errorf("%s: status %d, %w", list, response.StatusCode, err)
		}
		var page struct{ Metadata struct{ Continue string } }
		if err := json.Unmarshal(body, &page); err != nil {
			return err
		}
		if next = page.Metadata.Continue; next == "" {
			return nil
		}
	}
}
