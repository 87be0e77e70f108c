// Command verifylog checks what a daybook published with Go's sumdb/note and sumdb/tlog alone.
//
// usage: verifylog FOLDER VERIFIER-KEY
//
// The folder holds the files that were fetched: checkpoint, tiles (tile/...), entry bundles (tile/entries/...), and proofs as
// JSON (inclusion-*.json, consistency-*.json). Nothing in here is the daybook's own code.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// folder serves the tiles that were fetched, by the paths of c2sp.org/tlog-tiles.
type folder string

func (folder) Height() int                         { return height }
func (folder) SaveTiles(_ []tlog.Tile, _ [][]byte) {}

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var contents [][]byte
	for _, tile := range tiles {
		content, err := os.ReadFile(filepath.Join(string(f), path(tile)))
		if err != nil {
			return nil, err
		}
		contents = append(contents, content)
	}
	return contents, nil
}

// path is tlog's own path without the height, which tlog-tiles fixes.
func path(tile tlog.Tile) string {
	return "tile/" + tile.Path()[len("tile/8/"):]
}

type inclusion struct {
	Index    int64       `json:"index"`
	Size     int64       `json:"size"`
	LeafHash tlog.Hash   `json:"leaf_hash"`
	Root     tlog.Hash   `json:"root"`
	Path     []tlog.Hash `json:"path"`
}

type consistency struct {
	From     int64       `json:"from"`
	To       int64       `json:"to"`
	FromRoot tlog.Hash   `json:"from_root"`
	ToRoot   tlog.Hash   `json:"to_root"`
	Path     []tlog.Hash `json:"path"`
}

func main() {
	if err := verify(folder(os.Args[1]), os.Args[2]); err != nil {
		fmt.Println("NOT verified:", err)
		os.Exit(1)
	}
}

func verify(f folder, key string) error {
	tree, err := checkpoint(f, key)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	// Every tile that is read is held against the signed root.
	hashes := tlog.TileHashReader(tree, f)
	leaves := 0
	for first := int64(0); first < tree.N; first += 1 << height {
		count, err := bundle(f, hashes, tree, first)
		if err != nil {
			return fmt.Errorf("entries from %d: %w", first, err)
		}
		leaves += count
	}
	proofs := 0
	names, _ := filepath.Glob(filepath.Join(string(f), "*.json"))
	for _, name := range names {
		if err := proof(name, hashes, tree); err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(name), err)
		}
		proofs++
	}
	fmt.Printf("verified %d entries and %d proofs\n", leaves, proofs)
	return nil
}

func checkpoint(f folder, key string) (tlog.Tree, error) {
	text, err := os.ReadFile(filepath.Join(string(f), "checkpoint"))
	if err != nil {
		return tlog.Tree{}, err
	}
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	var origin, root string
	var tree tlog.Tree
	if _, err := fmt.Sscanf(opened.Text, "%s\n%d\n%s\n", &origin, &tree.N, &root); err != nil {
		return tlog.Tree{}, err
	}
	if origin != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("signed for %s", origin)
	}
	tree.Hash, err = tlog.ParseHash(root)
	return tree, err
}

// bundle checks that each entry of a bundle hashes to its leaf.
func bundle(f folder, hashes tlog.HashReader, tree tlog.Tree, first int64) (int, error) {
	tile := tlog.Tile{H: height, L: 0, N: first >> height, W: 1 << height}
	if tree.N-first < 1<<height {
		tile.W = int(tree.N - first)
	}
	content, err := os.ReadFile(filepath.Join(string(f), "tile/entries", path(tile)[len("tile/0/"):]))
	if err != nil {
		return 0, err
	}
	var indexes []int64
	for leaf := first; leaf < first+int64(tile.W); leaf++ {
		indexes = append(indexes, tlog.StoredHashIndex(0, leaf))
	}
	expected, err := hashes.ReadHashes(indexes)
	if err != nil {
		return 0, err
	}
	for count := range expected {
		if len(content) < 2 {
			return 0, fmt.Errorf("ends before entry %d", count)
		}
		length := int(content[0])<<8 | int(content[1])
		if len(content) < 2+length {
			return 0, fmt.Errorf("ends in entry %d", count)
		}
		if tlog.RecordHash(content[2:2+length]) != expected[count] {
			return 0, fmt.Errorf("entry %d has another hash", count)
		}
		content = content[2+length:]
	}
	if len(content) != 0 {
		return 0, fmt.Errorf("%d bytes too many", len(content))
	}
	return tile.W, nil
}

// proof checks a proof, and that it is the very one that Go makes of the tiles.
func proof(name string, hashes tlog.HashReader, tree tlog.Tree) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if base := filepath.Base(name); len(base) > 9 && base[:9] == "inclusion" {
		var p inclusion
		if err := json.Unmarshal(text, &p); err != nil {
			return err
		}
		if p.Size == tree.N && p.Root != tree.Hash {
			return fmt.Errorf("another root than the checkpoint's")
		}
		made, err := tlog.ProveRecord(p.Size, p.Index, hashes)
		if err != nil {
			return err
		}
		if fmt.Sprint(made) != fmt.Sprint(tlog.RecordProof(p.Path)) {
			return fmt.Errorf("another path than Go's")
		}
		return tlog.CheckRecord(p.Path, p.Size, p.Root, p.Index, p.LeafHash)
	}
	var p consistency
	if err := json.Unmarshal(text, &p); err != nil {
		return err
	}
	made, err := tlog.ProveTree(p.To, p.From, hashes)
	if err != nil {
		return err
	}
	if fmt.Sprint(made) != fmt.Sprint(tlog.TreeProof(p.Path)) {
		return fmt.Errorf("another path than Go's")
	}
	return tlog.CheckTree(p.Path, p.To, p.ToRoot, p.From, p.FromRoot)
}
