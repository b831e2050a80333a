// Image builds the container image of the last commit as a release does, and writes it to a folder in the OCI layout. goreleaser's ko
// pushes to a registry or to a Docker daemon only: here, to a registry in this process, on a loopback address.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"go.yaml.in/yaml/v3"
)

func main() {
	var o options
	flag.StringVar(&o.goreleaser, "goreleaser", "goreleaser", "path of goreleaser")
	flag.StringVar(&o.repository, "C", ".", "the clone")
	flag.StringVar(&o.base, "base", "", "base image (default: that of .goreleaser.yaml)")
	flag.StringVar(&o.to, "to", "dist/image", "folder to write; it is replaced")
	flag.Parse()
	o.output = os.Stderr
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := o.run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "cannot build the image:", err)
		os.Exit(1)
	}
}

type options struct {
	goreleaser, repository, base, to string
	output                           io.Writer
}

func (o options) run(ctx context.Context) (err error) {
	temporary, err := os.MkdirTemp("", "image-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temporary)) }()
	address, closeRegistry, err := serveRegistry(ctx)
	if err != nil {
		return err
	}
	defer closeRegistry()
	clone := filepath.Join(temporary, "clone")
	tag, err := o.clone(ctx, clone)
	if err != nil {
		return err
	}
	config := filepath.Join(temporary, "image.yaml")
	if err := o.writeConfig(filepath.Join(clone, ".goreleaser.yaml"), config); err != nil {
		return err
	}
	repository := address + "/kubectl-choreo"
	if err := o.release(ctx, clone, config, repository, temporary); err != nil {
		return err
	}
	return o.save(ctx, repository+":"+tag)
}

// serveRegistry serves an empty registry on a free loopback port.
func serveRegistry(ctx context.Context) (address string, closeRegistry func(), err error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: registry.New(registry.Logger(log.New(io.Discard, "", 0))), ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(l) }()
	return l.Addr().String(), func() { _ = server.Close() }, nil
}

// clone clones the last commit, with one tag: goreleaser releases only what is tagged. It is the commit's own, or one of a version 0.0.0.
func (o options) clone(ctx context.Context, to string) (tag string, err error) {
	root, err := filepath.Abs(o.repository)
	if err != nil {
		return "", err
	}
	if tag, err = o.command(ctx, root, nil, "git", "describe", "--tags", "--exact-match", "--match=v*"); err != nil {
		short, err := o.command(ctx, root, nil, "git", "rev-parse", "--short", "HEAD")
		if err != nil {
			return "", err
		}
		tag = "v0.0.0-g" + short
	}
	if _, err := o.command(ctx, root, nil, "git", "clone", "--quiet", "--no-tags", "file://"+root, to); err != nil {
		return "", err
	}
	_, err = o.command(ctx, to, nil, "git", "tag", tag)
	return tag, err
}

// writeConfig writes what .goreleaser.yaml has about the image. Nothing is archived, signed or published.
func (o options) writeConfig(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	var all struct {
		Version int              `yaml:"version"`
		Project string           `yaml:"project_name"`
		Builds  []map[string]any `yaml:"builds"`
		Images  []map[string]any `yaml:"kos"`
	}
	if err := yaml.Unmarshal(text, &all); err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	if len(all.Images) != 1 {
		return fmt.Errorf("%s has %d images, want 1", from, len(all.Images))
	}
	var builds []map[string]any
	for _, b := range all.Builds {
		if b["id"] == all.Images[0]["build"] {
			b["targets"] = []string{runtime.GOOS + "_" + runtime.GOARCH} // ko builds its own programs
			builds = append(builds, b)
		}
	}
	if o.base != "" {
		all.Images[0]["base_image"] = o.base
	}
	disabled := map[string]bool{"disable": true}
	text, err = yaml.Marshal(map[string]any{
		"version": all.Version, "project_name": all.Project, "builds": builds, "kos": all.Images,
		"release": disabled, "checksum": disabled, "changelog": disabled,
	})
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o600)
}

// release runs goreleaser without the environment, which may have the token of a real release.
func (o options) release(ctx context.Context, clone, config, repository, home string) error {
	environment := []string{"HOME=" + home, "KO_DOCKER_REPO=" + repository, "GITHUB_TOKEN=unused", "PATH=" + os.Getenv("PATH")}
	for _, one := range []string{"GOCACHE", "GOMODCACHE", "GOPROXY", "GOTOOLCHAIN"} {
		value, err := o.command(ctx, clone, nil, "go", "env", one)
		if err != nil {
			return err
		}
		environment = append(environment, one+"="+value)
	}
	_, err := o.command(ctx, clone, environment, o.goreleaser, "release", "--clean", "--skip=archive,announce,sbom,sign", "--config="+config)
	return err
}

// command returns the output of a program, in one line.
func (o options) command(ctx context.Context, dir string, environment []string, program string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Env = dir, environment
	var problem strings.Builder
	cmd.Stderr = &problem
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s%s", filepath.Base(program), args[0], err, out, problem.String())
	}
	return strings.TrimSpace(string(out)), nil
}

// save replaces the folder by the image of all platforms, and prints its digest.
func (o options) save(ctx context.Context, from string) error {
	reference, err := name.ParseReference(from)
	if err != nil {
		return err
	}
	index, err := remote.Index(reference, remote.WithContext(ctx))
	if err != nil {
		return err
	}
	if err := os.RemoveAll(o.to); err != nil {
		return err
	}
	folder, err := layout.Write(o.to, empty.Index)
	if err != nil {
		return err
	}
	if err := folder.AppendIndex(index, layout.WithAnnotations(map[string]string{"org.opencontainers.image.ref.name": reference.Identifier()})); err != nil {
		return err
	}
	digest, err := index.Digest()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(o.output, "%s: %s, %s\n", o.to, reference.Identifier(), digest)
	return err
}
