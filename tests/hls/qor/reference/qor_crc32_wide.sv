// SPDX-License-Identifier: Apache-2.0
// crc32_wide.hpp by hand. A short beat is moved by up to three bytes and then by four. The network's pairs were chosen by
// how many of its rows have them. The register holds the complement, as the field wants it.
module qor_crc32_wide #(
    parameter int unsigned FcsDepth = 2
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic [72:0] s_data_data_i,
    input  logic        s_data_valid_i,
    output logic        s_data_ready_o,
    output logic [31:0] m_fcs_data_o,
    output logic        m_fcs_valid_o,
    input  logic        m_fcs_ready_i
);

  logic last;
  logic [7:0] keep;
  logic [63:0] data;
  logic room;
  logic [31:0] fcs_q;
  logic [31:0] crc;
  logic [31:0] crc_d;
  logic [63:0] x;
  logic [2:0] missing;
  logic [63:0] by_3;
  logic [63:0] moved;
  logic [23:0] behind;
  logic t_0, t_1, t_2, t_3, t_4, t_5, t_6, t_7, t_8, t_9, t_10, t_11, t_12, t_13, t_14, t_15, t_16, t_17,
      t_18, t_19, t_20, t_21, t_22, t_23, t_24, t_25, t_26, t_27, t_28, t_29, t_30, t_31, t_32, t_33, t_34,
      t_35, t_36, t_37, t_38, t_39, t_40, t_41, t_42, t_43, t_44, t_45, t_46, t_47, t_48, t_49, t_50, t_51,
      t_52, t_53, t_54, t_55, t_56, t_57, t_58, t_59, t_60, t_61, t_62, t_63, t_64, t_65, t_66, t_67, t_68,
      t_69, t_70, t_71, t_72, t_73, t_74, t_75, t_76, t_77, t_78, t_79, t_80, t_81, t_82, t_83, t_84, t_85,
      t_86, t_87, t_88, t_89, t_90, t_91, t_92, t_93, t_94, t_95, t_96, t_97, t_98, t_99, t_100, t_101, t_102,
      t_103, t_104, t_105, t_106, t_107, t_108, t_109, t_110, t_111, t_112, t_113, t_114, t_115, t_116, t_117,
      t_118, t_119, t_120, t_121, t_122, t_123, t_124, t_125, t_126, t_127, t_128, t_129, t_130, t_131, t_132,
      t_133, t_134, t_135, t_136, t_137, t_138, t_139, t_140, t_141, t_142, t_143, t_144, t_145, t_146, t_147,
      t_148;

  assign {last, keep, data} = s_data_data_i;
  assign s_data_ready_o = s_data_valid_i && (room || !last);
  assign crc = ~fcs_q;
  assign x = data ^ {32'd0, crc};

  // A beat that lacks `missing` bytes, moved to the end.
  assign missing[2] = !keep[4];
  assign missing[1] = keep[4] ? !keep[6] : !keep[2];
  assign missing[0] = keep[4] ? (keep[6] ? !keep[7] : !keep[5]) : (keep[2] ? !keep[3] : !keep[1]);
  assign by_3 = missing[1] ? (missing[0] ? {x[39:0], 24'd0} : {x[47:0], 16'd0})
                           : (missing[0] ? {x[55:0], 8'd0} : x);
  assign moved = missing[2] ? {by_3[31:0], 32'd0} : by_3;

  // What of the register lies behind it.
  assign behind = keep[3] ? '0 : keep[2] ? {16'd0, crc[31:24]} : keep[1] ? {8'd0, crc[31:16]} : crc[31:8];

  // The register after 64 bits, which was zero before them.
  assign t_0 = moved[3] ^ moved[13];
  assign t_1 = moved[19] ^ moved[39];
  assign t_2 = moved[11] ^ moved[32];
  assign t_3 = moved[7] ^ moved[12];
  assign t_4 = moved[4] ^ moved[9];
  assign t_5 = moved[6] ^ moved[16];
  assign t_6 = moved[5] ^ moved[34];
  assign t_7 = moved[8] ^ moved[37];
  assign t_8 = moved[36] ^ moved[54];
  assign t_9 = moved[30] ^ moved[55];
  assign t_10 = moved[10] ^ moved[56];
  assign t_11 = moved[47] ^ t_0;
  assign t_12 = moved[31] ^ moved[61];
  assign t_13 = moved[14] ^ moved[43];
  assign t_14 = moved[51] ^ t_1;
  assign t_15 = moved[35] ^ moved[60];
  assign t_16 = moved[18] ^ moved[38];
  assign t_17 = moved[2] ^ moved[15];
  assign t_18 = moved[45] ^ t_2;
  assign t_19 = moved[50] ^ moved[62];
  assign t_20 = moved[22] ^ moved[59];
  assign t_21 = moved[25] ^ moved[52];
  assign t_22 = moved[42] ^ moved[58];
  assign t_23 = moved[48] ^ t_4;
  assign t_24 = moved[26] ^ moved[63];
  assign t_25 = moved[24] ^ moved[44];
  assign t_26 = moved[1] ^ moved[21];
  assign t_27 = moved[0] ^ moved[57];
  assign t_28 = moved[20] ^ moved[40];
  assign t_29 = moved[46] ^ t_3;
  assign t_30 = moved[27] ^ moved[49];
  assign t_31 = moved[33] ^ moved[35];
  assign t_32 = moved[29] ^ t_8;
  assign t_33 = moved[41] ^ moved[53];
  assign t_34 = moved[17] ^ moved[28];
  assign t_35 = t_6 ^ t_28;
  assign t_36 = moved[23] ^ moved[62];
  assign t_37 = t_7 ^ t_17;
  assign t_38 = t_5 ^ t_18;
  assign t_39 = moved[60] ^ t_9;
  assign t_40 = moved[13] ^ moved[17];
  assign t_41 = moved[5] ^ t_10;
  assign t_42 = moved[11] ^ t_35;
  assign t_43 = moved[63] ^ t_20;
  assign t_44 = t_25 ^ t_26;
  assign t_45 = moved[12] ^ t_19;
  assign t_46 = t_27 ^ t_40;
  assign t_47 = t_14 ^ t_24;
  assign t_48 = moved[25] ^ moved[57];
  assign t_49 = moved[31] ^ moved[59];
  assign t_50 = t_8 ^ t_23;
  assign t_51 = moved[16] ^ t_21;
  assign t_52 = t_13 ^ t_23;
  assign t_53 = moved[33] ^ t_22;
  assign t_54 = moved[24] ^ t_12;
  assign t_55 = t_15 ^ t_33;
  assign t_56 = t_16 ^ t_36;
  assign t_57 = moved[28] ^ t_30;
  assign t_58 = moved[14] ^ t_29;
  assign t_59 = t_6 ^ t_15;
  assign t_60 = moved[8] ^ moved[45];
  assign t_61 = moved[26] ^ moved[53];
  assign t_62 = t_12 ^ t_41;
  assign t_63 = moved[41] ^ moved[61];
  assign t_64 = moved[36] ^ t_31;
  assign t_65 = moved[56] ^ t_5;
  assign t_66 = moved[23] ^ moved[34];
  assign t_67 = moved[55] ^ t_3;
  assign t_68 = moved[40] ^ moved[42];
  assign t_69 = moved[49] ^ moved[57];
  assign t_70 = moved[6] ^ t_9;
  assign t_71 = t_4 ^ t_13;
  assign t_72 = moved[37] ^ moved[39];
  assign t_73 = moved[15] ^ t_5;
  assign t_74 = moved[0] ^ t_49;
  assign t_75 = moved[9] ^ t_11;
  assign t_76 = moved[7] ^ t_44;
  assign t_77 = moved[1] ^ t_32;
  assign t_78 = moved[20] ^ moved[43];
  assign t_79 = t_11 ^ t_52;
  assign t_80 = moved[10] ^ moved[58];
  assign t_81 = moved[2] ^ t_46;
  assign t_82 = moved[21] ^ t_24;
  assign t_83 = moved[29] ^ moved[54];
  assign t_84 = t_30 ^ t_50;
  assign t_85 = t_62 ^ t_69;
  assign t_86 = moved[4] ^ t_11;
  assign t_87 = t_35 ^ t_37;
  assign t_88 = t_27 ^ t_37;
  assign t_89 = moved[54] ^ t_57;
  assign t_90 = t_54 ^ t_60;
  assign t_91 = moved[18] ^ t_77;
  assign t_92 = moved[32] ^ moved[48];
  assign t_93 = moved[38] ^ t_31;
  assign t_94 = moved[4] ^ moved[33];
  assign t_95 = t_7 ^ t_32;
  assign t_96 = moved[22] ^ t_65;
  assign t_97 = moved[7] ^ t_39;
  assign t_98 = moved[8] ^ t_20;
  assign t_99 = moved[46] ^ t_48;
  assign t_100 = moved[3] ^ t_80;
  assign t_101 = t_42 ^ t_67;
  assign t_102 = moved[27] ^ t_34;
  assign t_103 = moved[59] ^ t_10;
  assign t_104 = moved[12] ^ t_0;
  assign t_105 = t_34 ^ t_74;
  assign t_106 = moved[40] ^ t_48;
  assign t_107 = t_63 ^ t_70;
  assign t_108 = t_14 ^ t_73;
  assign t_109 = moved[41] ^ moved[50];
  assign t_110 = t_1 ^ t_45;
  assign t_111 = moved[23] ^ t_59;
  assign t_112 = moved[4] ^ t_72;
  assign t_113 = t_2 ^ t_28;
  assign t_114 = t_38 ^ t_106;
  assign t_115 = t_29 ^ t_78;
  assign t_116 = moved[28] ^ t_66;
  assign t_117 = moved[46] ^ moved[51];
  assign t_118 = moved[11] ^ t_53;
  assign t_119 = moved[1] ^ moved[27];
  assign t_120 = moved[36] ^ moved[39];
  assign t_121 = moved[18] ^ t_105;
  assign t_122 = moved[30] ^ t_86;
  assign t_123 = t_55 ^ t_75;
  assign t_124 = t_71 ^ t_81;
  assign t_125 = moved[44] ^ t_47;
  assign t_126 = moved[19] ^ moved[44];
  assign t_127 = moved[16] ^ moved[32];
  assign t_128 = moved[22] ^ t_21;
  assign t_129 = moved[20] ^ moved[38];
  assign t_130 = moved[56] ^ t_51;
  assign t_131 = t_22 ^ t_124;
  assign t_132 = moved[42] ^ t_17;
  assign t_133 = t_20 ^ t_83;
  assign t_134 = moved[63] ^ t_76;
  assign t_135 = t_25 ^ t_61;
  assign t_136 = moved[26] ^ t_18;
  assign t_137 = moved[15] ^ t_85;
  assign t_138 = t_0 ^ t_56;
  assign t_139 = t_56 ^ t_84;
  assign t_140 = moved[47] ^ t_7;
  assign t_141 = t_58 ^ t_136;
  assign t_142 = t_16 ^ t_96;
  assign t_143 = t_19 ^ t_58;
  assign t_144 = t_43 ^ t_108;
  assign t_145 = t_9 ^ t_93;
  assign t_146 = moved[5] ^ moved[30];
  assign t_147 = moved[29] ^ t_82;
  assign t_148 = t_6 ^ t_16;
  assign crc_d[0] = moved[14] ^ moved[17] ^ moved[34] ^ moved[52] ^ t_1 ^ t_5 ^ t_50 ^ t_100 ^ t_113 ^ t_119 ^ t_145 ^ behind[0];
  assign crc_d[1] = moved[21] ^ moved[49] ^ t_10 ^ t_17 ^ t_33 ^ t_64 ^ t_101 ^ t_112 ^ t_121 ^ behind[1];
  assign crc_d[2] = moved[19] ^ t_2 ^ t_26 ^ t_27 ^ t_59 ^ t_68 ^ t_95 ^ t_104 ^ t_109 ^ t_142 ^ behind[2];
  assign crc_d[3] = moved[1] ^ moved[22] ^ moved[23] ^ moved[37] ^ t_3 ^ t_14 ^ t_64 ^ t_107 ^ t_129 ^ t_131 ^ behind[3];
  assign crc_d[4] = moved[52] ^ t_10 ^ t_13 ^ t_22 ^ t_74 ^ t_76 ^ t_87 ^ t_120 ^ t_138 ^ behind[4];
  assign crc_d[5] = moved[3] ^ moved[38] ^ t_1 ^ t_37 ^ t_43 ^ t_44 ^ t_55 ^ t_71 ^ t_114 ^ behind[5];
  assign crc_d[6] = moved[48] ^ t_107 ^ t_111 ^ t_119 ^ t_126 ^ t_128 ^ t_132 ^ t_141 ^ behind[6];
  assign crc_d[7] = moved[0] ^ t_11 ^ t_36 ^ t_57 ^ t_61 ^ t_64 ^ t_65 ^ t_90 ^ t_115 ^ t_132 ^ behind[7];
  assign crc_d[8] = moved[34] ^ t_19 ^ t_79 ^ t_95 ^ t_99 ^ t_102 ^ t_127 ^ t_134 ^ behind[8];
  assign crc_d[9] = moved[3] ^ moved[47] ^ t_38 ^ t_57 ^ t_87 ^ t_91 ^ t_125 ^ t_128 ^ behind[9];
  assign crc_d[10] = moved[2] ^ moved[50] ^ t_26 ^ t_32 ^ t_33 ^ t_72 ^ t_80 ^ t_116 ^ t_141 ^ behind[10];
  assign crc_d[11] = moved[11] ^ moved[12] ^ moved[24] ^ moved[27] ^ t_11 ^ t_37 ^ t_68 ^ t_117 ^ t_133 ^ t_145 ^ behind[11];
  assign crc_d[12] = moved[12] ^ moved[31] ^ moved[38] ^ moved[41] ^ t_39 ^ t_79 ^ t_116 ^ t_120 ^ t_130 ^ behind[12];
  assign crc_d[13] = moved[14] ^ moved[29] ^ moved[35] ^ t_40 ^ t_68 ^ t_92 ^ t_112 ^ t_135 ^ t_137 ^ behind[13];
  assign crc_d[14] = moved[15] ^ moved[33] ^ moved[41] ^ moved[58] ^ t_8 ^ t_13 ^ t_16 ^ t_19 ^ t_30 ^ t_114 ^ t_146 ^ behind[14];
  assign crc_d[15] = moved[34] ^ moved[37] ^ moved[55] ^ t_29 ^ t_34 ^ t_49 ^ t_53 ^ t_73 ^ t_109 ^ t_125 ^ behind[15];
  assign crc_d[16] = moved[6] ^ t_14 ^ t_60 ^ t_79 ^ t_91 ^ t_97 ^ t_103 ^ t_118 ^ behind[16];
  assign crc_d[17] = moved[49] ^ moved[52] ^ t_12 ^ t_29 ^ t_39 ^ t_42 ^ t_52 ^ t_88 ^ t_103 ^ t_126 ^ behind[17];
  assign crc_d[18] = moved[8] ^ moved[44] ^ moved[58] ^ t_26 ^ t_38 ^ t_45 ^ t_123 ^ t_129 ^ t_137 ^ behind[18];
  assign crc_d[19] = moved[10] ^ moved[21] ^ moved[39] ^ moved[51] ^ moved[61] ^ t_38 ^ t_43 ^ t_50 ^ t_53 ^ t_81 ^ t_143 ^ behind[19];
  assign crc_d[20] = moved[13] ^ moved[32] ^ t_15 ^ t_115 ^ t_139 ^ t_140 ^ t_144 ^ t_146 ^ behind[20];
  assign crc_d[21] = moved[0] ^ moved[50] ^ moved[58] ^ t_2 ^ t_7 ^ t_12 ^ t_89 ^ t_111 ^ t_122 ^ t_134 ^ behind[21];
  assign crc_d[22] = moved[2] ^ moved[30] ^ t_14 ^ t_42 ^ t_45 ^ t_51 ^ t_90 ^ t_100 ^ t_102 ^ t_133 ^ behind[22];
  assign crc_d[23] = t_4 ^ t_21 ^ t_36 ^ t_55 ^ t_70 ^ t_104 ^ t_113 ^ t_117 ^ t_121 ^ t_147 ^ behind[23];
  assign crc_d[24] = moved[17] ^ moved[39] ^ moved[48] ^ t_22 ^ t_54 ^ t_101 ^ t_123 ^ t_142 ^ t_147;
  assign crc_d[25] = moved[9] ^ moved[34] ^ t_26 ^ t_63 ^ t_67 ^ t_69 ^ t_78 ^ t_98 ^ t_118 ^ t_130 ^ t_138;
  assign crc_d[26] = moved[53] ^ t_10 ^ t_15 ^ t_25 ^ t_66 ^ t_82 ^ t_98 ^ t_110 ^ t_131;
  assign crc_d[27] = moved[23] ^ moved[43] ^ moved[45] ^ moved[61] ^ t_21 ^ t_25 ^ t_39 ^ t_46 ^ t_92 ^ t_94 ^ t_144 ^ t_148;
  assign crc_d[28] = moved[3] ^ moved[25] ^ moved[46] ^ t_18 ^ t_62 ^ t_97 ^ t_135 ^ t_139;
  assign crc_d[29] = moved[6] ^ moved[55] ^ t_18 ^ t_24 ^ t_41 ^ t_54 ^ t_89 ^ t_94 ^ t_99 ^ t_110 ^ t_140;
  assign crc_d[30] = moved[35] ^ t_27 ^ t_34 ^ t_41 ^ t_47 ^ t_51 ^ t_77 ^ t_122 ^ t_143;
  assign crc_d[31] = moved[10] ^ moved[31] ^ moved[53] ^ t_31 ^ t_47 ^ t_75 ^ t_83 ^ t_88 ^ t_127 ^ t_148;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) fcs_q <= '0;
    else if (s_data_ready_o) fcs_q <= last ? '0 : ~crc_d;
  end

  stream_fifo #(
      .Width(32),
      .Depth(FcsDepth)
  ) u_fcs (
      .clk_i,
      .rst_ni,
      .s_valid_i(s_data_valid_i && last),
      .s_ready_o(room),
      .s_data_i(~crc_d),
      .m_valid_o(m_fcs_valid_o),
      .m_ready_i(m_fcs_ready_i),
      .m_data_o(m_fcs_data_o)
  );

endmodule
