"""The command line: exit codes, one-line errors, and where a flag's value comes from."""

import pathlib
import socket
import unittest

from footfall_process import BINARY, FolderTest, Server, free_ports, run

COMMANDS = ["demo", "serve", "drive", "report", "import", "events", "sql", "deadletter", "version"]


class WrongUsage(FolderTest):
    def test_unknown_flag_names_the_nearest(self):
        done = run("serve", "--prot", "1", cwd=self.folder)
        self.assert_one_line(done, 2, "unknown flag --prot", "did you mean --port?")

    def test_unknown_command_names_the_nearest(self):
        self.assert_one_line(run("reprot", cwd=self.folder), 2, "reprot", "did you mean report?")

    def test_no_command(self):
        self.assert_one_line(run(cwd=self.folder), 2, "--help")

    def test_value_that_is_no_number(self):
        self.assert_one_line(run("serve", "--port", "many", cwd=self.folder), 2, "--port")

    def test_number_out_of_its_range(self):
        for command, flag, value in [("drive", "--users", -5), ("drive", "--users", 0), ("drive", "--threads", -1),
                                     ("drive", "--seed", -1), ("drive", "--batch", 5001), ("serve", "--port", 65536),
                                     ("demo", "--port", -1)]:
            with self.subTest(flag=flag, value=value):
                self.assert_one_line(run(command, flag, value, cwd=self.folder), 2, flag)

    def test_unknown_report(self):
        self.assert_one_line(run("report", "towns", cwd=self.folder), 2, "stages", "cities")

    def test_broken_journey_file(self):
        (self.folder / "j.toml").write_text('name = "x"\n[[stage]\n')
        done = run("serve", "--journey", "j.toml", cwd=self.folder)
        self.assert_one_line(done, 2, "j.toml")

    def test_unknown_time_zone(self):
        done = run("serve", "--timezone", "Asia/Atlantis", cwd=self.folder)
        self.assert_one_line(done, 2, "Asia/Atlantis")


class ConfigurationFile(FolderTest):
    def config(self, text):
        (self.folder / "footfall.toml").write_text(text)

    def test_broken_toml_names_file_and_line(self):
        self.config("[serve]\nport = \n")
        self.assert_one_line(run("serve", cwd=self.folder), 2, "footfall.toml:2: ")

    def test_unknown_key_names_file_line_and_key(self):
        self.config("[serve]\nport = 1\n\n[report]\nfrm = 1\n")
        done = run("serve", cwd=self.folder)
        self.assert_one_line(done, 2, "footfall.toml:5: ", "frm", "[report]", "did you mean from?")

    def test_unknown_section(self):
        self.config("[server]\nport = 1\n")
        self.assert_one_line(run("version", cwd=self.folder), 2, "[server]", "did you mean serve?")

    def test_wrong_value_names_the_place(self):
        self.config('[serve]\nport = "many"\n')
        self.assert_one_line(run("serve", cwd=self.folder), 2, "footfall.toml:2: ", "--port")

    def test_missing_file_that_was_named(self):
        done = run("version", "--config", "none.toml", cwd=self.folder)
        self.assert_one_line(done, 2, "none.toml")

    def test_flag_wins_over_environment_and_environment_over_file(self):
        ports = free_ports(3)
        self.config(f"[serve]\nport = {ports[0]}\n")
        for env, flag, expected in [({}, None, ports[0]),
                                    ({"FOOTFALL_PORT": str(ports[1])}, None, ports[1]),
                                    ({"FOOTFALL_PORT": str(ports[1])}, ports[2], ports[2])]:
            with Server(self.folder / "data", cwd=self.folder, port=flag, **env) as server:
                self.assertEqual(server.url, f"http://localhost:{expected}")

    def test_lists_and_underscores(self):
        stages = '[[stage]]\nname = "s"\nevent_types = ["e"]\n'
        (self.folder / "a.toml").write_text('name = "a"\n' + stages)
        (self.folder / "b.toml").write_text('name = "b"\n' + stages)
        self.config('[serve]\ndata_dir = "shop"\njourney = ["a.toml", "b.toml"]\n')
        with Server(self.folder / "shop", cwd=self.folder) as server:
            names = [j["journey"] for j in server.json("/api/v1/journeys")["journeys"]]
        self.assertEqual(names, ["storefront", "a", "b"])


class Help(FolderTest):
    def test_every_command_has_an_example(self):
        top = run("--help", cwd=self.folder)
        self.assertEqual(top.returncode, 0)
        for command in COMMANDS:
            done = run(command, "--help", cwd=self.folder)
            self.assertEqual(done.returncode, 0)
            self.assertIn("Example", done.stdout)
            self.assertIn(f"footfall {command}", done.stdout)
            self.assertIn(f"footfall {command}", top.stdout)

    def test_version(self):
        done = run("version", cwd=self.folder)
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"^footfall \d+\.\d+\.\d+ \(DuckDB v1\.")


class Failure(FolderTest):
    def test_busy_port(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            done = run("serve", "--port", port, cwd=self.folder)
        self.assert_one_line(done, 1, str(port))

    def test_folder_that_cannot_be_made(self):
        (self.folder / "file").write_text("")
        done = run("serve", "--port", 0, "--data-dir", "file/data", cwd=self.folder)
        self.assert_one_line(done, 1, "file/data")

    def test_second_server_on_a_folder(self):
        with Server(self.folder / "data") as first:
            second = run("serve", "--port", 0, "--data-dir", self.folder / "data")
            self.assert_one_line(second, 1, first.url, str(first.process.pid))
            self.assertEqual(first.request("/healthz")[0], 200)

    def test_report_without_data(self):
        done = run("report", "stages", cwd=self.folder)
        self.assert_one_line(done, 1, "footfall-data", "--data-dir", "--url")

    def test_report_from_a_server_that_is_not_there(self):
        port = free_ports(1)[0]
        done = run("report", "stages", "--url", f"http://localhost:{port}", cwd=self.folder)
        self.assert_one_line(done, 1, str(port))


if __name__ == "__main__":
    assert pathlib.Path(BINARY).exists(), f"build footfall first: {BINARY}"
    unittest.main()
