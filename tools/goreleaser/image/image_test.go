package main

import (
	"archive/tar"
	"bytes"
	"debug/elf"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

const (
	account = "nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n"
	program = "ko-app/kubectl-choreo"
	// largest is the limit of an image's compressed layers, in bytes.
	largest = 60 << 20
)

// TestImage builds the image twice from a base that stands in for distroless, and looks into it as a container runtime would.
func TestImage(t *testing.T) {
	goreleaser := os.Getenv("GORELEASER")
	if goreleaser == "" {
		t.Skip("GORELEASER is not set: run make image-test")
	}
	o := options{goreleaser: goreleaser, repository: filepath.Join("..", "..", ".."), base: standIn(t), to: filepath.Join(t.TempDir(), "image"), output: os.Stderr}
	index := o.built(t)
	again := o
	again.to = filepath.Join(t.TempDir(), "again")
	if one, other := digest(t, index), digest(t, again.built(t)); one != other {
		t.Errorf("two builds of a commit are %s and %s", one, other)
	}
	commit, err := o.command(t.Context(), ".", nil, "git", "show", "-s", "--format=%H %ct", "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	head, created, _ := strings.Cut(commit, " ")
	seconds, err := strconv.ParseInt(created, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	machines := map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64}
	manifest, err := index.IndexManifest()
	if err != nil || len(manifest.Manifests) != len(machines) {
		t.Fatalf("want one image for each of %v: %+v: %v", machines, manifest, err)
	}
	for _, one := range manifest.Manifests {
		image, err := index.Image(one.Digest)
		if err != nil {
			t.Fatal(err)
		}
		config, err := image.ConfigFile()
		if err != nil {
			t.Fatal(err)
		}
		if one.Platform.OS != "linux" || config.OS != "linux" || config.Architecture != one.Platform.Architecture || config.Created.Unix() != seconds {
			t.Errorf("%s: the configuration is for %s/%s, created at %s", one.Platform, config.OS, config.Architecture, config.Created)
		}
		c := config.Config
		if c.User != "65532" || strings.Join(c.Entrypoint, " ") != "/"+program || c.Labels["org.opencontainers.image.licenses"] != "Apache-2.0" {
			t.Errorf("%s: user %q, entrypoint %q, labels %v", one.Platform, c.User, c.Entrypoint, c.Labels)
		}
		checkFiles(t, image, machines[one.Platform.Architecture])
		if one.Platform.Architecture == runtime.GOARCH {
			runIn(t, image, head)
		}
	}
}

// built builds the image, and reads it from the folder.
func (o options) built(t *testing.T) v1.ImageIndex {
	t.Helper()
	if err := o.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := layout.ImageIndexFromPath(o.to)
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := all.IndexManifest()
	if err != nil || len(manifest.Manifests) != 1 {
		t.Fatalf("%+v: %v", manifest, err)
	}
	index, err := all.ImageIndex(manifest.Manifests[0].Digest)
	if err != nil {
		t.Fatal(err)
	}
	return index
}

func digest(t *testing.T, index v1.ImageIndex) v1.Hash {
	t.Helper()
	d, err := index.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// standIn serves a base image of both platforms, with what the program may use of distroless's: an account, and certificates.
func standIn(t *testing.T) (base string) {
	t.Helper()
	certificates, err := os.ReadFile("/etc/ssl/certs/ca-certificates.crt")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	var layer bytes.Buffer
	w := tar.NewWriter(&layer)
	for path, content := range map[string][]byte{"etc/passwd": []byte(account), "etc/ssl/certs/ca-certificates.crt": certificates} {
		if err := w.WriteHeader(&tar.Header{Name: path, Mode: 0o644, Size: int64(len(content))}); err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write(content)
	}
	_ = w.Close()
	files, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(layer.Bytes())), nil })
	if err != nil {
		t.Fatal(err)
	}
	var images []mutate.IndexAddendum
	for _, architecture := range []string{"amd64", "arm64"} {
		image, err := mutate.ConfigFile(empty.Image, &v1.ConfigFile{OS: "linux", Architecture: architecture})
		if err == nil {
			image, err = mutate.AppendLayers(image, files)
		}
		if err != nil {
			t.Fatal(err)
		}
		images = append(images, mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: architecture}}})
	}
	address, closeRegistry, err := serveRegistry(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(closeRegistry)
	reference, err := name.ParseReference(address + "/base:nonroot")
	if err == nil {
		err = remote.WriteIndex(reference, mutate.IndexMediaType(mutate.AppendManifests(empty.Index, images...), types.OCIImageIndex))
	}
	if err != nil {
		t.Fatal(err)
	}
	return reference.String()
}

// checkFiles expects the files of the base and one program for the machine, which needs no shared library.
func checkFiles(t *testing.T, image v1.Image, machine elf.Machine) {
	t.Helper()
	layers, err := image.Layers()
	if err != nil {
		t.Fatal(err)
	}
	var size int64
	for _, l := range layers {
		n, err := l.Size()
		if err != nil {
			t.Fatal(err)
		}
		size += n
	}
	root := unpack(t, image)
	if text, err := os.ReadFile(filepath.Join(root, "etc", "passwd")); err != nil || string(text) != account {
		t.Errorf("the base is missing: %q: %v", text, err)
	}
	path := filepath.Join(root, filepath.FromSlash(program))
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	libraries, err := file.ImportedLibraries()
	if err != nil && !strings.Contains(err.Error(), "no symbol section") {
		t.Error(err)
	}
	t.Logf("%s: %.1f MB in %d layers, the program %.1f MB", machine, float64(size)/1e6, len(layers), float64(info.Size())/1e6)
	if file.Machine != machine || len(libraries) > 0 || info.Mode()&0o222 != 0 || info.Mode()&0o111 != 0o111 || size > largest {
		t.Errorf("%s, want %s; libraries %v; mode %s; %d bytes, want at most %d", file.Machine, machine, libraries, info.Mode(), size, largest)
	}
}

// unpack writes the files of an image to a folder.
func unpack(t *testing.T, image v1.Image) (root string) {
	t.Helper()
	root = t.TempDir()
	files := mutate.Extract(image)
	defer func() { _ = files.Close() }()
	for r := tar.NewReader(files); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return root
		}
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(root, filepath.FromSlash(header.Name))
		if header.Typeflag != tar.TypeReg || !strings.HasPrefix(path, root+string(filepath.Separator)) {
			continue
		}
		content, err := io.ReadAll(r)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(path), 0o755)
		}
		if err == nil {
			err = os.WriteFile(path, content, header.FileInfo().Mode())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// runIn runs the program with the image as its root and as its user, as the container does, if the test may.
func runIn(t *testing.T, image v1.Image, commit string) {
	t.Helper()
	root := unpack(t, image)
	cmd := exec.CommandContext(t.Context(), filepath.Join(root, program), "version", "--client")
	if os.Getuid() == 0 {
		if err := os.Chmod(root, 0o755); err != nil {
			t.Fatal(err)
		}
		cmd.Path, cmd.Dir = "/"+program, "/"
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: 65532, Gid: 65532}}
	}
	cmd.Env = []string{}
	out, err := cmd.CombinedOutput()
	t.Logf("version --client: %s", out)
	if err != nil || !strings.HasPrefix(string(out), "kubectl-choreo v") || !strings.Contains(string(out), commit[:12]) {
		t.Errorf("%v: %s", err, out)
	}
}
